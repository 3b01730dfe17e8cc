namespace SpanMetrics.Aggregation;

/// <summary>An entry of the section <c>views</c>: what to change in one of the default views.</summary>
internal sealed class ViewOptions
{
    /// <summary>New names for the view's labels, by their default name. Dashboards and rules that ship with the project use the default names.</summary>
    public Dictionary<string, string> Labels { get; init; } = [];
}
