namespace SpanMetrics.Aggregation;

/// <summary>What one partition added to every view since the last fold: what is exposed is always an offset prefix of each partition.</summary>
internal sealed class PartitionDeltas(SeriesDeltas[] views)
{
    public SeriesDeltas this[int view] => views[view];
}
