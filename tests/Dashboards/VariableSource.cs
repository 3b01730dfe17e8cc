namespace SpanMetrics.Dashboards;

internal sealed class VariableSource
{
    public string Label { get; init; } = "";

    public string Query { get; init; } = "";
}
