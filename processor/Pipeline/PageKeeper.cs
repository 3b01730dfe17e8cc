using System.Globalization;
using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;

namespace SpanMetrics.Pipeline;

/// <summary>Owns what is exposed: the totals of all workers. Not thread-safe: whoever reads a page has its turn.</summary>
internal sealed class PageKeeper
{
    private const uint LeastSecondsOfADeny = 86_400;

    private readonly Totals _totals;
    private readonly AggregationOptions _limits;
    private readonly TimeProvider _time;
    private readonly KnownScrapers? _scrapers;
    private readonly long _start;
    private readonly bool _createdTimestamps;
    private long _foldUnixMillis; // when the fold began
    private uint _nextExpiry;
    private readonly WorkerTotals[] _workers;
    private readonly WorkerHandover?[] _last;

    public PageKeeper(View[] views, AggregationOptions limits, int workers, TimeProvider time, KnownScrapers? scrapers = null, bool createdTimestamps = false)
    {
        _time = time;
        _start = time.GetTimestamp();
        _scrapers = scrapers;
        _limits = limits;
        _createdTimestamps = createdTimestamps;
        _totals = new Totals(views, limits);
        BeginFold();
        _totals.NewSinceUnixMillis = _foldUnixMillis;
        _workers = new WorkerTotals[workers];
        _last = new WorkerHandover?[workers];
        for (int worker = 0; worker < workers; worker++)
        {
            _workers[worker] = new WorkerTotals(_totals);
        }
    }

    /// <summary>Whether the worker is to start afresh with its next handover: too many of its label sets are of no use any more. True once.</summary>
    public bool TellStale(int worker) => _workers[worker].TellStale();

    /// <summary>Before the workers are asked for what they added: all that they add from now on is in a later fold, or in this one.</summary>
    public void BeginFold() => _foldUnixMillis = _time.GetUtcNow().ToUnixTimeMilliseconds();

    public void Fold(int worker, WorkerHandover handover)
    {
        _totals.Now = _totals.Now with { Seconds = (uint)_time.GetElapsedTime(_start).TotalSeconds };
        _workers[worker].Fold(handover.Views);
        _last[worker] = handover with { Views = [] }; // the rows are folded and not kept
    }

    /// <summary>Everything folded so far. Borrowed: valid until the next fold.</summary>
    public Page Page()
    {
        ExpireIdle();
        Moment now = _totals.Now;
        _totals.Now = now with { Snapshot = now.Snapshot + 1 };
        _scrapers?.SetLastBorn(_totals.LastBorn);
        var input = new InputCounts();
        var positions = new List<PartitionPosition>();
        foreach (WorkerHandover? last in _last)
        {
            if (last is not null)
            {
                input.Add(last.Input);
                positions.AddRange(last.Positions);
            }
        }

        _totals.NewSinceUnixMillis = _foldUnixMillis;
        return new Page { Views = _totals.Views, Moment = now, CreatedTimestamps = _createdTimestamps, OwnHistograms = [input.Lateness], Own = [.. input.Families(), .. SeriesFamilies(), .. LagFamilies(positions)] };
    }

    // Of 24 times in the time that series may be idle, for it takes a look at all of them.
    private void ExpireIdle()
    {
        uint now = _totals.Now.Seconds, idle = (uint)_limits.IdleSeconds;
        if (now < _nextExpiry)
        {
            return;
        }

        _nextExpiry = now + (idle / 24);
        if (_totals.Expire(new IdleSince(Before(idle), Before(Math.Max(idle, LeastSecondsOfADeny)))) is int[][] moved)
        {
            Array.ForEach(_workers, worker => worker.Renumber(moved));
        }

        uint Before(uint seconds) => Math.Min(now > seconds ? now - seconds : 0, _scrapers?.SeenByAll(seconds) ?? uint.MaxValue);
    }

    private PlainFamily[] SeriesFamilies()
    {
        var series = new PlainFamily("spanmetrics_series", "Label sets held.", isCounter: false);
        var limit = new PlainFamily("spanmetrics_series_limit", "Label sets at which overflow begins.", isCounter: false);
        var overflow = new PlainFamily("spanmetrics_series_overflow_total", "Spans counted under a label set with __overflow__ in it.", isCounter: true);
        var held = new PlainFamily("spanmetrics_series_held", "Label sets that a scraper is still shown at 0.", isCounter: false);
        var expired = new PlainFamily("spanmetrics_series_expired_total", "Label sets that left the page because nothing was added to them for long.", isCounter: true);
        int shown = _scrapers?.ShownToAll() ?? Exposition.Page.Everything;
        foreach (SeriesTable view in _totals.Views)
        {
            (string, string)[] labels = [("view", view.View.Name)];
            series.With(view.SeriesCount, labels);
            limit.With(view.Limit, labels);
            overflow.With(view.Overflowed, labels);
            held.With(view.BornAfter(shown), labels);
            expired.With(view.Expired, labels);
        }

        return
        [
            series, limit, overflow, held, expired,
            new PlainFamily("spanmetrics_label_values", "Distinct label values held.", isCounter: false).With(_totals.LabelValues),
            new PlainFamily("spanmetrics_label_values_limit", "Label values a worker holds before new ones are __overflow__.", isCounter: false).With(_limits.LabelValues),
        ];
    }

    private static PlainFamily[] LagFamilies(List<PartitionPosition> positions)
    {
        var records = new PlainFamily("spanmetrics_consumer_lag_records", "Records between what is counted and the partition's end as of the last fetch.", isCounter: false);
        double completeUntil = double.PositiveInfinity, lag = 0;
        foreach (PartitionPosition position in positions)
        {
            if (position.Lag is long behind)
            {
                records.With(behind, ("topic", position.Topic), ("partition", position.Partition.ToString(CultureInfo.InvariantCulture)));
            }

            completeUntil = Math.Min(completeUntil, position.CompleteUntil);
            lag = Math.Max(lag, position.AsOf - position.CompleteUntil);
        }

        var until = new PlainFamily("spanmetrics_complete_until_timestamp_seconds", "All that was in Kafka by then is counted, in every partition of this worker; unix time.", isCounter: false);
        var seconds = new PlainFamily("spanmetrics_consumer_lag_seconds", "How long ago that was when the worker looked.", isCounter: false);
        return [records, positions.Count > 0 ? until.With(completeUntil) : until, positions.Count > 0 ? seconds.With(lag) : seconds];
    }
}
