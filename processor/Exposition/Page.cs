using SpanMetrics.Aggregation;

namespace SpanMetrics.Exposition;

/// <summary>Everything that one scrape shows, as of one moment. Its views are borrowed: valid until the next fold.</summary>
internal sealed class Page
{
    public required IReadOnlyList<SeriesTable> Views { get; init; }

    public required IReadOnlyList<PlainFamily> Own { get; init; }
}
