namespace SpanMetrics.Tests.Support;

/// <summary>Some labels, and the sum over all series that carry them. A null value: there, but not predicted.</summary>
internal sealed record ExpectedRow(IReadOnlyDictionary<string, string> Labels, double? Value)
{
    public override string ToString() =>
        $"{{{string.Join(",", Labels.Select(label => $"{label.Key}=\"{label.Value}\""))}}}";
}
