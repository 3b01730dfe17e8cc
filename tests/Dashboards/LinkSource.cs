namespace SpanMetrics.Dashboards;

/// <summary>Where a value leads to: a page, or a search in the data source of traces.</summary>
internal sealed class LinkSource
{
    public string Title { get; init; } = "";

    public string? Url { get; init; }

    public string? Traceql { get; init; }
}
