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
        Symbols = new SymbolTable(limits.LabelValues);
        foreach (string own in (string[])["none", "unknown", "tool_call", "kitelogik"])
        {
            Symbols.InternOwn(own); // as the classifier does before there are spans
        }

        Aggregator = new Aggregator(views, limits, Symbols);
        _totals = new Totals(views, limits);
        _fold = new WorkerTotals(_totals);
        _partition = Aggregator.AddPartition();
    }

    public Aggregator Aggregator { get; }

    public SymbolTable Symbols { get; }

    /// <summary>A record of one span.</summary>
    public void Count(SentDecision span) => Count(_partition, span);

    public void Count(PartitionDeltas partition, SentDecision span)
    {
        Aggregator.BeginRecord();
        Aggregator.Apply([span.In(Symbols)], partition);
    }

    public Totals Fold()
    {
        _fold.Fold(Aggregator.HandOver());
        return _totals;
    }
}
