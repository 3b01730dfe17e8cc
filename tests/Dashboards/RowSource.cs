namespace SpanMetrics.Dashboards;

internal sealed class RowSource
{
    public string Title { get; init; } = "";

    /// <summary>A variable: the row is there once for each of its values.</summary>
    public string? Repeat { get; init; }

    public List<PanelSource> Panels { get; init; } = [];
}
