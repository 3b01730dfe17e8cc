using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>
/// Turns classified spans into increments, record by record, and increments into series. Not thread-safe: owned by one worker.
/// A record's increments are journaled first and applied together, so that a record counts whole or not at all.
/// </summary>
internal sealed class Aggregator
{
    private readonly SeriesTable[] _tables;
    private readonly SymbolTable _symbols;
    private readonly int[][] _closed; // by dimension, by value: the symbol
    private readonly int[][] _viewsOf; // by class: which views want it
    private readonly Dimension[][] _dimensionsOf; // by class: what those views ask for, each once
    private readonly int[] _ids = new int[DimensionText.All.Length]; // by dimension: the last span's symbol
    private readonly List<PartitionDeltas> _partitions = [];
    private Increment[] _journal = new Increment[1024];
    private int _journaled;

    public Aggregator(View[] views, AggregationOptions limits)
    {
        _symbols = new SymbolTable(limits.LabelValues);
        _tables = Array.ConvertAll(views, view => new SeriesTable(view, _symbols, limits.Series));
        _closed = Array.ConvertAll(
            DimensionText.All,
            dimension => Array.ConvertAll(DimensionText.ClosedValuesOf(dimension), value => _symbols.Intern(System.Text.Encoding.UTF8.GetBytes(value))));
        _viewsOf = Array.ConvertAll(Enum.GetValues<SpanClass>(), kind => ViewsOf(views, kind));
        _dimensionsOf = Array.ConvertAll(_viewsOf, wanted =>
            Array.FindAll(DimensionText.All, dimension => Array.Exists(wanted, view => Array.IndexOf(views[view].Dimensions, dimension) >= 0)));
    }

    /// <summary>A table of increments for one more partition; folded with all others.</summary>
    public PartitionDeltas AddPartition()
    {
        var partition = new PartitionDeltas(_tables);
        _partitions.Add(partition);
        return partition;
    }

    /// <summary>Forgets increments that were journaled and never applied.</summary>
    public void BeginRecord() => _journaled = 0;

    /// <summary>False when no view wants the span.</summary>
    public bool Journal(in ClassifiedSpan span)
    {
        int[] views = _viewsOf[(int)span.Class];
        Resolve(span, _dimensionsOf[(int)span.Class]);
        double seconds = span.DurationNanos is ulong nanos ? nanos / 1e9 : double.NaN;
        Span<int> key = stackalloc int[DimensionText.All.Length];
        foreach (int view in views)
        {
            SeriesTable table = _tables[view];
            Dimension[] dimensions = table.View.Dimensions;
            for (int i = 0; i < dimensions.Length; i++)
            {
                key[i] = _ids[(int)dimensions[i]];
            }

            if (_journaled == _journal.Length)
            {
                Array.Resize(ref _journal, _journal.Length * 2);
            }

            _journal[_journaled++] = new Increment(view, table.FindOrAdd(key[..dimensions.Length]), seconds);
        }

        return views.Length > 0;
    }

    public void Apply(PartitionDeltas partition)
    {
        foreach (ref readonly Increment increment in _journal.AsSpan(0, _journaled))
        {
            partition.Add(increment);
        }

        _journaled = 0;
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

    private void Resolve(in ClassifiedSpan span, Dimension[] dimensions)
    {
        foreach (Dimension dimension in dimensions)
        {
            int[] closed = _closed[(int)dimension];
            if (closed.Length > 0)
            {
                _ids[(int)dimension] = closed[span.ClosedValue(dimension)];
                continue;
            }

            // Spans beside each other mostly come from one service and one agent, and many share a tool and a model.
            ReadOnlySpan<byte> text = span.Text(dimension);
            if (!text.SequenceEqual(_symbols.TextOf(_ids[(int)dimension])) || _ids[(int)dimension] == SymbolTable.Overflow)
            {
                _ids[(int)dimension] = _symbols.Intern(text);
            }
        }
    }

    private static int[] ViewsOf(View[] views, SpanClass kind)
    {
        var wanted = new List<int>();
        for (int view = 0; view < views.Length; view++)
        {
            if (views[view].Match is not SpanClass match || match == kind)
            {
                wanted.Add(view);
            }
        }

        return [.. wanted];
    }
}
