namespace SpanMetrics.Dashboards;

/// <summary>dashboards/NAME.yml.</summary>
internal sealed class DashboardSource
{
    public string Uid { get; init; } = "";

    public string Title { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>Names from dashboards/common.yml, in the order shown.</summary>
    public List<string> Variables { get; init; } = [];

    public List<RowSource> Rows { get; init; } = [];
}
