using SpanMetrics.Aggregation;

namespace SpanMetrics.Exposition;

/// <summary>Everything that one scrape shows, as of one moment. Immutable once it has left its maker.</summary>
internal sealed class Page
{
    public required IReadOnlyList<ViewSnapshot> Views { get; init; }

    public required IReadOnlyList<PlainFamily> Own { get; init; }
}
