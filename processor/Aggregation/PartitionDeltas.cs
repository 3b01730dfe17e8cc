namespace SpanMetrics.Aggregation;

/// <summary>What one partition added to every view since the last fold: what is exposed is always an offset prefix of each partition.</summary>
internal sealed class PartitionDeltas(SeriesTable[] tables)
{
    private readonly SeriesDeltas[] _views = Array.ConvertAll(tables, table => new SeriesDeltas(table));

    public void Add(in Increment increment) => _views[increment.View].Add(increment.Series, increment.Seconds);

    public void Fold()
    {
        foreach (SeriesDeltas view in _views)
        {
            view.FoldInto();
        }
    }
}
