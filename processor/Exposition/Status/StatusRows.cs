namespace SpanMetrics.Exposition;

/// <summary>What a group of tracks has in a window, of one service or of all.</summary>
internal sealed class StatusRows
{
    /// <param name="group">Observed.</param>
    /// <param name="service">By number; null is all of them.</param>
    /// <param name="history">Of the group.</param>
    /// <param name="window">In which to look.</param>
    public StatusRows(TrackGroup group, int? service, StatusHistory history, StatusWindow window)
    {
        All = new StatusRow("", history, window);
        Others = new StatusRow("", history, window);
        foreach (Track track in group.All)
        {
            if (service is null || track.Service == service)
            {
                All.Add(track);
                Others.Add(track);
                LeftOut += group.LeftOut(track.Service);
            }
        }

        var byName = new Dictionary<string, StatusRow>();
        foreach (Track track in group.Held)
        {
            if (service is null || track.Service == service)
            {
                if (!byName.TryGetValue(track.Name, out StatusRow? row))
                {
                    byName.Add(track.Name, row = new StatusRow(track.Name, history, window));
                }

                row.Add(track);
                Others.TakeOff(track);
            }
        }

        Named = Ordered(byName.Values);
    }

    /// <summary>Everything, with a name that is held or not.</summary>
    public StatusRow All { get; }

    /// <summary>The most denied first, then the most decided on.</summary>
    public List<StatusRow> Named { get; }

    /// <summary>What names have that are not held.</summary>
    public StatusRow Others { get; }

    /// <summary>How many names are not held, each counted once for each service.</summary>
    public int LeftOut { get; }

    private static List<StatusRow> Ordered(IReadOnlyCollection<StatusRow> rows)
    {
        var keyed = new List<(double Denied, double Used, StatusRow Row)>();
        foreach (StatusRow row in rows)
        {
            keyed.Add((row.Denied, row.Sum(0, StatusColumns.TierWidth), row));
        }

        keyed.Sort((one, other) => (other.Denied, other.Used, 0).CompareTo((one.Denied, one.Used, 0)) is not 0 and int order
            ? order : string.CompareOrdinal(one.Row.Name, other.Row.Name));
        return keyed.ConvertAll(row => row.Row);
    }
}
