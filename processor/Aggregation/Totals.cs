using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>The series of all workers as they are exposed. Not thread-safe: owned by the page.</summary>
internal sealed class Totals
{
    private readonly SymbolTable _symbols = new(int.MaxValue); // bounded by what the workers' tables hold

    public Totals(View[] views, AggregationOptions limits) =>
        Views = Array.ConvertAll(views, view => new SeriesTable(view, _symbols, view.SeriesLimit ?? limits.Series));

    public SeriesTable[] Views { get; }

    /// <summary>Distinct label values held.</summary>
    public int LabelValues => _symbols.Count;
}
