namespace SpanMetrics.Tests.Support;

/// <summary>One series of a page or of a query's answer, with its value.</summary>
internal sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    public bool Carries(IEnumerable<KeyValuePair<string, string>> labels) =>
        labels.All(wanted => Labels.GetValueOrDefault(wanted.Key, "") == wanted.Value);

    public override string ToString() =>
        $"{Name}{{{string.Join(",", Labels.Select(label => $"{label.Key}=\"{label.Value}\""))}}} {Value}";
}
