using SpanMetrics.Aggregation;

namespace SpanMetrics.Exposition;

/// <summary>What one name has in a window, in all services that are asked for.</summary>
internal sealed class StatusRow(string name, StatusHistory history, StatusWindow window)
{
    private readonly List<Track> _tracks = [];
    private readonly List<Track> _without = []; // to be taken off

    public string Name => name;

    public double Decisions => Sum(0, StatusColumns.Outcomes);

    public double Denied => Sum(StatusColumns.Deny);

    public double? DenyRatio => Decisions > 0 ? Denied / Decisions : null;

    public double DeniedAt
    {
        get
        {
            double last = 0;
            foreach (Track track in _tracks)
            {
                last = Math.Max(last, track.DeniedAt);
            }

            return last;
        }
    }

    /// <summary>Of the last denied span that the page shows.</summary>
    public Exemplar DeniedSpan
    {
        get
        {
            Exemplar last = default;
            foreach (Track track in _tracks)
            {
                last = track.Denied.EndUnixMillis > last.EndUnixMillis ? track.Denied : last;
            }

            return last;
        }
    }

    public void Add(Track track) => _tracks.Add(track);

    public void TakeOff(Track track) => _without.Add(track);

    public double Sum(int column) => Sum(column, 1);

    public double Sum(int column, int columns)
    {
        double sum = 0;
        for (int i = column; i < column + columns; i++)
        {
            sum += window.IsSinceStart ? Total(i) : Grown(i, window.FirstSlot(history.Slot), history.Slot);
        }

        return Math.Max(0, sum);
    }

    /// <summary>By point of the window, the oldest first. The last one is not over.</summary>
    public List<double> Points(int column, int columns = 1)
    {
        var points = new List<double>();
        int step = window.SlotsOfAPoint(history.Slot);
        for (long first = window.FirstPoint(history.Slot); first <= history.Slot; first += step)
        {
            double sum = 0;
            for (int i = column; i < column + columns; i++)
            {
                sum += Grown(i, first, Math.Min(history.Slot, first + step - 1));
            }

            points.Add(Math.Max(0, sum));
        }

        return points;
    }

    /// <summary>As histogram_quantile has it: in its bucket by a straight line; of the last bucket the bound below. Null where nothing was observed.</summary>
    public double? Quantile(double quantile, int firstBucket, double[] bounds)
    {
        double observed = Sum(firstBucket, bounds.Length + 1);
        double rank = quantile * observed, below = 0;
        if (observed <= 0 || bounds.Length == 0)
        {
            return null;
        }

        for (int bucket = 0; bucket < bounds.Length; bucket++)
        {
            double count = Sum(firstBucket + bucket);
            if (below + count >= rank && count > 0)
            {
                double from = bucket == 0 ? 0 : bounds[bucket - 1];
                return from + ((bounds[bucket] - from) * (rank - below) / count);
            }

            below += count;
        }

        return bounds[^1];
    }

    private double Total(int column)
    {
        double sum = 0;
        _tracks.ForEach(track => sum += track.Now[column]);
        _without.ForEach(track => sum -= track.Now[column]);
        return sum;
    }

    private double Grown(int column, long first, long last)
    {
        double sum = 0;
        _tracks.ForEach(track => sum += track.Grown(column, first, last));
        _without.ForEach(track => sum -= track.Grown(column, first, last));
        return sum;
    }
}
