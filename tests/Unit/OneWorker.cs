using SpanMetrics.Aggregation;
using SpanMetrics.Semantics;

namespace SpanMetrics.Tests.Unit;

/// <summary>A worker's aggregator and the totals that it is folded into.</summary>
internal sealed class OneWorker
{
    private readonly Totals _totals;
    private readonly WorkerTotals _fold;
    private readonly PartitionDeltas _partition;

    public OneWorker(View[] views, AggregationOptions limits)
    {
        Aggregator = new Aggregator(views, limits);
        _totals = new Totals(views, limits);
        _fold = new WorkerTotals(_totals);
        _partition = Aggregator.AddPartition();
    }

    public Aggregator Aggregator { get; }

    /// <summary>A record of one span.</summary>
    public void Count(in ClassifiedSpan span) => Count(_partition, span);

    public void Count(PartitionDeltas partition, in ClassifiedSpan span)
    {
        Aggregator.BeginRecord();
        Assert.True(Aggregator.Journal(span));
        Aggregator.Apply(partition);
    }

    public Totals Fold()
    {
        _fold.Fold(Aggregator.HandOver());
        return _totals;
    }
}
