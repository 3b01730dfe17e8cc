using System.Globalization;
using System.Text.RegularExpressions;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Unit;

/// <summary>An exemplar of an OpenMetrics page, and the sample that it stands with.</summary>
internal sealed partial record ShownExemplar(Sample Sample, IReadOnlyDictionary<string, string> Labels, double Value, double UnixSeconds)
{
    public string Trace => Labels["trace_id"];

    /// <summary>What OpenMetrics limits to 128: characters of names and values.</summary>
    public int LabelLength => Labels.Sum(label => label.Key.Length + label.Value.Length);

    public static IReadOnlyList<ShownExemplar> AllOf(string page) => [.. Line().Matches(page).Select(line => new ShownExemplar(
        MetricsPage.Parse(line.Groups["sample"].Value).Samples.Single(),
        Label().Matches(line.Groups["labels"].Value).ToDictionary(label => label.Groups[1].Value, label => label.Groups[2].Value),
        double.Parse(line.Groups["value"].Value, CultureInfo.InvariantCulture),
        double.Parse(line.Groups["time"].Value, CultureInfo.InvariantCulture)))];

    [GeneratedRegex(@"^(?<sample>[^#\n]*) # \{(?<labels>[^}\n]*)\} (?<value>\S+) (?<time>\S+)$", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex("([a-z_]+)=\"([^\"]*)\"")]
    private static partial Regex Label();
}
