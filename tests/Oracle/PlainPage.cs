using System.Globalization;

namespace SpanMetrics.Oracle;

/// <summary>The series that the default views must show for some spans: counted one by one, in decimals.</summary>
internal sealed class PlainPage
{
    private static readonly string[] CallLabels = ["service_name", "span_name", "span_kind", "status_code", "deny", "risk_tier", "tool", "model"];
    private static readonly string[] DecisionLabels = ["service_name", "agent", "tool", "model", "risk_tier", "outcome", "deny", "reason", "event", "source"];
    private static readonly decimal[] CallBounds = [.002m, .004m, .006m, .008m, .01m, .05m, .1m, .2m, .4m, .8m, 1, 1.4m, 2, 5, 10, 15];
    private static readonly decimal[] DecisionBounds = [.0001m, .00025m, .0005m, .001m, .0025m, .005m, .01m, .025m, .05m, .1m, .25m, .5m, 1, 2.5m, 5, 10];

    private readonly Dictionary<string, decimal> _values = [];

    /// <summary>By <see cref="KeyOf"/>.</summary>
    public IReadOnlyDictionary<string, decimal> Values => _values;

    public static string KeyOf(string name, IEnumerable<KeyValuePair<string, string>> labels) =>
        name + "{" + string.Join(",", labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}=\"{label.Value}\"")) + "}";

    public void Add(PlainSpan span)
    {
        Dictionary<string, string> labels = PlainClassifier.LabelsOf(span, out bool isDecision);
        Count(span, "traces_spanmetrics_calls_total", "traces_spanmetrics_duration_seconds", CallBounds, CallLabels, labels);
        if (isDecision)
        {
            Count(span, "agent_decisions_total", "agent_decision_duration_seconds", DecisionBounds, DecisionLabels, labels);
        }
    }

    private void Count(PlainSpan span, string counter, string histogram, decimal[] bounds, string[] names, Dictionary<string, string> all)
    {
        KeyValuePair<string, string>[] labels = [.. names.Select(name => KeyValuePair.Create(name, all[name]))];
        decimal weight = WeightOf(span.TraceState);
        Increase(counter, labels, weight);

        // A span without both times counts, and says nothing of a duration; one that ends before it starts took no time.
        bool isTimed = span.StartUnixNano != 0 && span.EndUnixNano != 0;
        // None takes longer than 2^63 - 1 nanoseconds, 292 years.
        ulong nanos = span.EndUnixNano > span.StartUnixNano ? Math.Min(span.EndUnixNano - span.StartUnixNano, long.MaxValue) : 0;
        decimal seconds = nanos / 1e9m;
        foreach (decimal bound in bounds)
        {
            string le = bound.ToString(CultureInfo.InvariantCulture);
            Increase(histogram + "_bucket", [.. labels, KeyValuePair.Create("le", le)], isTimed && seconds <= bound ? weight : 0);
        }

        Increase(histogram + "_bucket", [.. labels, KeyValuePair.Create("le", "+Inf")], isTimed ? weight : 0);
        Increase(histogram + "_sum", labels, isTimed ? seconds * weight : 0);
        Increase(histogram + "_count", labels, isTimed ? weight : 0);
    }

    /// <summary>How many spans this one stands for: of 2^56 random numbers a sampler drops those below the threshold that it writes as <c>ot=th:T</c>. More than 2^20 is not believed.</summary>
    private static decimal WeightOf(string traceState)
    {
        string? threshold = traceState.Split(',').Select(member => member.Trim(' ', '\t')).Where(member => member.StartsWith("ot=", StringComparison.Ordinal))
            .SelectMany(member => member[3..].Split(';')).FirstOrDefault(part => part.StartsWith("th:", StringComparison.Ordinal))?[3..];
        bool isThreshold = threshold?.Length is >= 1 and <= 14 && threshold.All(char.IsAsciiHexDigit);
        const decimal all = 1L << 56;
        return isThreshold ? Math.Min(1 << 20, all / (all - long.Parse(threshold!.PadRight(14, '0'), NumberStyles.HexNumber, CultureInfo.InvariantCulture))) : 1;
    }

    private void Increase(string name, KeyValuePair<string, string>[] labels, decimal by)
    {
        string key = KeyOf(name, labels);
        _values[key] = _values.GetValueOrDefault(key) + by;
    }
}
