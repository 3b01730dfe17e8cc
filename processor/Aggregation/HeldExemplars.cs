using System.Runtime.InteropServices;

namespace SpanMetrics.Aggregation;

/// <summary>The exemplars that one view shows: for each series at most one with its counter and one with each bucket. Owned by the page.</summary>
/// <param name="nanosInUnit">What the view's histogram is printed in.</param>
internal sealed class HeldExemplars(double nanosInUnit)
{
    /// <summary>Beyond it the one that came first goes.</summary>
    public const int Most = 4096;

    // One of higher rank is shown for so long at least, so that every scraper has a chance to see it.
    private const long KeptMillis = 60_000;

    private readonly Dictionary<int, List<Exemplar>> _bySeries = [];
    private readonly Queue<(int Series, int Bucket)> _order = [];

    /// <summary>In the order of their buckets, the counter's first.</summary>
    public ReadOnlySpan<Exemplar> Of(int series) => _bySeries.TryGetValue(series, out List<Exemplar>? held) ? CollectionsMarshal.AsSpan(held) : [];

    public void Offer(in Exemplar offered)
    {
        Exemplar exemplar = offered with { Value = offered.Bucket == Exemplar.OfCounter ? 1 : offered.DurationNanos / nanosInUnit };
        if (!_bySeries.TryGetValue(exemplar.Series, out List<Exemplar>? held))
        {
            _bySeries.Add(exemplar.Series, held = []);
        }

        int at = 0;
        while (at < held.Count && held[at].Bucket < exemplar.Bucket)
        {
            at++;
        }

        if (at < held.Count && held[at].Bucket == exemplar.Bucket)
        {
            held[at] = IsBetter(exemplar, held[at]) ? exemplar : held[at];
            return;
        }

        held.Insert(at, exemplar);
        _order.Enqueue((exemplar.Series, exemplar.Bucket));
        if (_order.Count > Most)
        {
            DropFirst();
        }
    }

    /// <summary>After series were let go, by number so far the new one, or -1.</summary>
    public void Renumber(int[] moved)
    {
        List<Exemplar>[] all = [.. _bySeries.Values];
        _bySeries.Clear();
        foreach (List<Exemplar> held in all)
        {
            int series = moved[held[0].Series];
            if (series >= 0)
            {
                _bySeries.Add(series, held.ConvertAll(one => one with { Series = series }));
            }
        }

        for (int left = _order.Count; left > 0; left--)
        {
            (int series, int bucket) = _order.Dequeue();
            if (moved[series] >= 0)
            {
                _order.Enqueue((moved[series], bucket));
            }
        }
    }

    // Never an older one: Prometheus refuses it and warns.
    private static bool IsBetter(in Exemplar exemplar, in Exemplar held) =>
        exemplar.EndUnixMillis > held.EndUnixMillis
        && (exemplar.Rank >= held.Rank || exemplar.EndUnixMillis - held.EndUnixMillis > KeptMillis);

    private void DropFirst()
    {
        (int series, int bucket) = _order.Dequeue();
        List<Exemplar> held = _bySeries[series];
        held.RemoveAll(one => one.Bucket == bucket);
        if (held.Count == 0)
        {
            _bySeries.Remove(series);
        }
    }
}
