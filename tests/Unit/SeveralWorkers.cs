using SpanMetrics.Aggregation;

namespace SpanMetrics.Tests.Unit;

/// <summary>Aggregators with some partitions each, and the totals that all of them are folded into.</summary>
internal sealed class SeveralWorkers
{
    private readonly Aggregator[] _aggregators;
    private readonly PartitionDeltas[][] _partitions;
    private readonly WorkerTotals[] _folds;

    public SeveralWorkers(int workers, int partitions = 1, AggregationOptions? limits = null)
    {
        limits ??= new AggregationOptions();
        Totals = new Totals(Printed.DefaultViews, limits);
        _aggregators = [.. Enumerable.Range(0, workers).Select(_ => new Aggregator(Printed.DefaultViews, limits))];
        _partitions = Array.ConvertAll(_aggregators, aggregator => Enumerable.Range(0, partitions).Select(_ => aggregator.AddPartition()).ToArray());
        _folds = Array.ConvertAll(_aggregators, _ => new WorkerTotals(Totals));
    }

    public Totals Totals { get; }

    public int Workers => _aggregators.Length;

    public int Partitions => _partitions[0].Length;

    public void Journal(int worker, IEnumerable<SentDecision> record)
    {
        _aggregators[worker].BeginRecord();
        foreach (SentDecision decision in record)
        {
            decision.Journal(_aggregators[worker]);
        }
    }

    public void Apply(int worker, int partition = 0) => _aggregators[worker].Apply(_partitions[worker][partition]);

    public void Count(int worker, IEnumerable<SentDecision> record, int partition = 0)
    {
        Journal(worker, record);
        Apply(worker, partition);
    }

    public Handover[] HandOver(int worker) => _aggregators[worker].HandOver();

    public void Fold(int worker, Handover[] handover) => _folds[worker].Fold(handover);

    public void Fold(int worker) => Fold(worker, HandOver(worker));

    public Totals FoldAll()
    {
        for (int worker = 0; worker < Workers; worker++)
        {
            Fold(worker);
        }

        return Totals;
    }
}
