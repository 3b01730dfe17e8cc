namespace SpanMetrics.Dashboards;

/// <summary>dashboards/common.yml.</summary>
internal sealed class CommonSource
{
    public Dictionary<string, string> Selectors { get; init; } = [];

    public Dictionary<string, VariableSource> Variables { get; init; } = [];

    public Dictionary<string, LinkSource> Links { get; init; } = [];
}
