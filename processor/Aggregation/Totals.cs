using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>The series of all workers as they are exposed. Not thread-safe: owned by the page.</summary>
internal sealed class Totals
{
    private SymbolTable _symbols = new(int.MaxValue); // bounded by what the workers' tables hold

    public Totals(View[] views, AggregationOptions limits) =>
        Views = Array.ConvertAll(views, view => new SeriesTable(view, _symbols, view.SeriesLimit ?? limits.Series));

    public SeriesTable[] Views { get; }

    /// <summary>The snapshot that is being folded.</summary>
    public Moment Now { get; set; } = new(1, 0);

    /// <summary>The last snapshot that brought a counter or a histogram.</summary>
    public int LastBorn
    {
        get
        {
            int last = 0;
            foreach (SeriesTable view in Views)
            {
                last = Math.Max(last, view.LastBorn);
            }

            return last;
        }
    }

    /// <summary>When a series was 0 that is folded for the first time now.</summary>
    public long NewSinceUnixMillis { get; set; }

    /// <summary>Distinct label values held.</summary>
    public int LabelValues => _symbols.Count;

    /// <summary>Lets go of series that nothing was added to for long. Null when there are none; else by view and number so far the new number, or -1.</summary>
    public int[][]? Expire(IdleSince idle)
    {
        if (!Array.Exists(Views, view => view.HasIdle(idle)))
        {
            return null;
        }

        var symbols = new SymbolTable(int.MaxValue);
        int[][] moved = Array.ConvertAll(Views, view => view.Expire(idle, symbols));
        _symbols = symbols;
        return moved;
    }
}
