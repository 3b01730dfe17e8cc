using SpanMetrics.Aggregation;
using SpanMetrics.Semantics;

namespace SpanMetrics.Tests.Unit;

/// <summary>Aggregators with some partitions each, and the totals that all of them are folded into.</summary>
internal sealed class SeveralWorkers
{
    private readonly SymbolTable[] _symbols;
    private readonly Aggregator[] _aggregators;
    private readonly List<ClassifiedSpan>[] _records; // taken and not applied yet
    private readonly PartitionDeltas[][] _partitions;
    private readonly WorkerTotals[] _folds;

    public SeveralWorkers(int workers, int partitions = 1, AggregationOptions? limits = null)
    {
        limits ??= new AggregationOptions();
        Totals = new Totals(Printed.DefaultViews, limits);
        _symbols = [.. Enumerable.Range(0, workers).Select(_ => new SymbolTable(limits.LabelValues))];
        _aggregators = Array.ConvertAll(_symbols, symbols => new Aggregator(Printed.DefaultViews, limits, symbols));
        _records = Array.ConvertAll(_symbols, _ => new List<ClassifiedSpan>());
        _partitions = Array.ConvertAll(_aggregators, aggregator => Enumerable.Range(0, partitions).Select(_ => aggregator.AddPartition()).ToArray());
        _folds = Array.ConvertAll(_aggregators, _ => new WorkerTotals(Totals));
    }

    public Totals Totals { get; }

    public int Workers => _aggregators.Length;

    public int Partitions => _partitions[0].Length;

    /// <summary>A record that is not applied yet; what does not fit is put aside.</summary>
    public void Take(int worker, IEnumerable<SentDecision> record)
    {
        _aggregators[worker].BeginRecord();
        _records[worker].Clear();
        foreach (SentDecision decision in record)
        {
            if (_records[worker].Count == RecordSpans.Most)
            {
                _aggregators[worker].PutAside(_records[worker].ToArray());
                _records[worker].Clear();
            }

            _records[worker].Add(decision.In(_symbols[worker]));
        }
    }

    public void Apply(int worker, int partition = 0)
    {
        _aggregators[worker].Apply(_records[worker].ToArray(), _partitions[worker][partition]);
        _records[worker].Clear();
    }

    public void Count(int worker, IEnumerable<SentDecision> record, int partition = 0)
    {
        Take(worker, record);
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
