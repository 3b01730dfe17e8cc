using SpanMetrics.Pipeline;

namespace SpanMetrics.Perf;

/// <summary>What a label set holds in memory: live bytes after a collection, less what was there before, divided by their number.</summary>
/// <param name="Waiting">Bytes while increments of all of them, of one partition, wait for the next fold.</param>
/// <param name="Folded">Bytes after a fold.</param>
internal readonly record struct LabelSetMemory(double Waiting, double Folded)
{
    public const int LabelSets = 100_000;

    /// <summary>In one view with 16 buckets.</summary>
    public static LabelSetMemory Measure() => Measure(Pipelines.OneView(Pipelines.NoLimits), LabelSets, out _);

    /// <summary>The sink is left with no increments waiting.</summary>
    public static LabelSetMemory Measure(ReplaySink sink, int labelSets, out NumberedFeed feed)
    {
        feed = new NumberedFeed(sink, labelSets);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        feed.FeedAll();
        var scrape = new Scrape(sink);
        scrape.Fold();
        double held = scrape.LabelSets;
        long folded = GC.GetTotalMemory(forceFullCollection: true) - before;
        feed.FeedAll();
        long waiting = GC.GetTotalMemory(forceFullCollection: true) - before;
        scrape.Fold();
        GC.KeepAlive(feed);
        return new LabelSetMemory(waiting / held, folded / held);
    }
}
