using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>
/// Turns classified spans into increments, record by record, and increments into series. Not thread-safe: owned by one worker.
/// A record's increments are journaled first and applied together, so that a record counts whole or not at all.
/// </summary>
internal sealed class Aggregator
{
    private readonly View[] _views;
    private readonly SeriesTable[] _tables;
    private readonly SymbolTable _symbols;
    private readonly int[][] _closed; // by dimension, by value: the symbol
    private readonly int[] _ids = new int[DimensionText.All.Length];
    private readonly List<Increment> _journal = [];
    private readonly List<PartitionDeltas> _partitions = [];

    public Aggregator(View[] views, AggregationOptions limits)
    {
        _views = views;
        _symbols = new SymbolTable(limits.LabelValues);
        _tables = Array.ConvertAll(views, view => new SeriesTable(view, _symbols, limits.Series));
        _closed = Array.ConvertAll(
            DimensionText.All,
            dimension => Array.ConvertAll(DimensionText.ClosedValuesOf(dimension), value => _symbols.Intern(System.Text.Encoding.UTF8.GetBytes(value))));
    }

    /// <summary>A table of increments for one more partition; folded with all others.</summary>
    public PartitionDeltas AddPartition()
    {
        var partition = new PartitionDeltas(_tables);
        _partitions.Add(partition);
        return partition;
    }

    /// <summary>Forgets increments that were journaled and never applied.</summary>
    public void BeginRecord() => _journal.Clear();

    /// <summary>False when no view wants the span.</summary>
    public bool Journal(in ClassifiedSpan span)
    {
        double? seconds = span.DurationNanos is ulong nanos ? nanos / 1e9 : null;
        bool resolved = false;
        Span<int> key = stackalloc int[_ids.Length];
        for (int v = 0; v < _views.Length; v++)
        {
            View view = _views[v];
            if (view.Match is SpanClass match && match != span.Class)
            {
                continue;
            }

            if (!resolved)
            {
                Resolve(span);
                resolved = true;
            }

            for (int i = 0; i < view.Dimensions.Length; i++)
            {
                key[i] = _ids[(int)view.Dimensions[i]];
            }

            _journal.Add(new Increment(v, _tables[v].FindOrAdd(key[..view.Dimensions.Length]), seconds));
        }

        return resolved;
    }

    public void Apply(PartitionDeltas partition)
    {
        foreach (Increment increment in _journal)
        {
            partition.Add(increment);
        }

        _journal.Clear();
    }

    /// <summary>Brings every partition's increments into the cumulative values and copies them.</summary>
    public ViewSnapshot[] Fold()
    {
        foreach (PartitionDeltas partition in _partitions)
        {
            partition.Fold();
        }

        return Array.ConvertAll(_tables, table => table.Snapshot());
    }

    private void Resolve(in ClassifiedSpan span)
    {
        foreach (Dimension dimension in DimensionText.All)
        {
            int[] closed = _closed[(int)dimension];
            _ids[(int)dimension] = closed.Length > 0
                ? closed[span.ClosedValue(dimension)]
                : _symbols.Intern(span.Text(dimension));
        }
    }
}
