using System.Globalization;

namespace SpanMetrics.Oracle;

/// <summary>The series that the default views must show for some records: counted one by one, in decimals.</summary>
internal sealed class PlainPage
{
    private static readonly decimal[] SpanBounds = [.002m, .004m, .006m, .008m, .01m, .05m, .1m, .2m, .4m, .8m, 1, 1.4m, 2, 5, 10, 15];
    private static readonly decimal[] DecisionBounds = [.0001m, .00025m, .0005m, .001m, .0025m, .005m, .01m, .025m, .05m, .1m, .25m, .5m, 1, 2.5m, 5, 10];
    private static readonly decimal[] ToolBounds = [.01m, .02m, .05m, .1m, .2m, .5m, 1, 2, 5, 10, 30, 60, 120, 300];
    private static readonly decimal[] ModelBounds = [.01m, .02m, .04m, .08m, .16m, .32m, .64m, 1.28m, 2.56m, 5.12m, 10.24m, 20.48m, 40.96m, 81.92m];

    private readonly Dictionary<string, decimal> _values = [];

    /// <summary>By <see cref="KeyOf"/>.</summary>
    public IReadOnlyDictionary<string, decimal> Values => _values;

    public static string KeyOf(string name, IEnumerable<KeyValuePair<string, string>> labels) =>
        name + "{" + string.Join(",", labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}=\"{label.Value}\"")) + "}";

    /// <summary>
    /// Where a page's samples differ. A histogram of calls that all say nothing of their duration may be there, with zeros, or not.
    /// </summary>
    public IEnumerable<string> DifferencesTo(IReadOnlyDictionary<string, double> shown)
    {
        var expected = _values.Where(series => series.Value != 0 || !IsOfHistogram(series.Key)).ToDictionary();
        return
        [
            .. expected.Where(series => !shown.ContainsKey(series.Key)).Select(series => $"missing {series.Key} {series.Value}"),
            .. shown.Where(series => !expected.ContainsKey(series.Key) && (series.Value != 0 || !IsOfHistogram(series.Key))).Select(series => $"too much {series.Key} {series.Value}"),
            // Sums of seconds and of dollars are doubles on the page, decimals here.
            .. expected.Where(series => shown.TryGetValue(series.Key, out double value) && Math.Abs(value - (double)series.Value) > 1e-9 * (double)series.Value)
                .Select(series => $"{series.Key} is {shown[series.Key]}, not {series.Value}"),
        ];

        static bool IsOfHistogram(string key) => key.Contains("_duration_seconds_", StringComparison.Ordinal);
    }

    /// <summary>Counts one record, after those that <paramref name="traces"/> has seen.</summary>
    public void Add(IEnumerable<PlainItem> items, PlainTraces traces)
    {
        List<PlainFacts> record = [.. items.OfType<PlainSpan>().Select(PlainClassifier.FactsOf)];
        foreach (PlainFacts span in record)
        {
            AddSpan(span, traces.ModelOf(span, record));
        }

        foreach (PlainMove move in traces.Take(record))
        {
            AddCall(move);
        }

        foreach (PlainLogRecord logRecord in items.OfType<PlainLogRecord>())
        {
            string name = logRecord.EventName.OrElse(logRecord.Text("event.name"));
            if (name != "")
            {
                Increase("agent_log_events_total", LabelsOf(PlainClassifier.LabelsOf(logRecord, name), "service_name event_name provider source"), 1);
            }
        }
    }

    private void AddSpan(PlainFacts facts, string joinedModel)
    {
        PlainSpan span = facts.Span;
        Dictionary<string, string> all = PlainClassifier.LabelsOf(facts);
        bool isDecision = facts.Class is "decision" or "gateway";
        Count("traces_spanmetrics_calls_total", span, span, "traces_spanmetrics_duration_seconds", SpanBounds,
            LabelsOf(isDecision ? PlainClassifier.LabelsOf(facts with { Model = joinedModel }) : all, "service_name span_name span_kind status_code deny risk_tier tool model"));
        switch (facts.Class)
        {
            case "decision":
                AddDecision(facts, joinedModel);
                break;
            case "gateway":
                AddDecision(facts, joinedModel);
                if (facts.Model != "")
                {
                    AddModelCall(all, span, span);
                }

                AddUsage(all, span, PlainCall.PartsOf(facts));
                break;
            case "llm" when facts.IsTokensOnly:
                AddUsage(all, span, PlainCall.PartsOf(facts));
                break;
            case "sanitizer":
                Increase("agent_sanitizer_runs_total", LabelsOf(all, "service_name modified source"), WeightOf(span));
                break;
            case "mcp_server":
                Increase("agent_mcp_server_calls_total", LabelsOf(all, "service_name tool status source"), WeightOf(span));
                break;
            case "agent":
                Count("agent_runs_total", span, span, "agent_run_duration_seconds", ModelBounds, LabelsOf(all, "service_name agent operation status source"));
                break;
            case "delegation":
                AddDelegation(all, span, span);
                break;
        }
    }

    private void AddCall(PlainMove move)
    {
        Dictionary<string, string> all = PlainClassifier.LabelsOf(move.Labels);
        AddUsage(all, move.Weighed, move.Parts);
        if (!move.IsCounted)
        {
            return;
        }

        if (move.Labels.Class == "llm")
        {
            AddModelCall(all, move.Weighed, move.Timed);
            return;
        }

        Count("agent_tool_calls_total", move.Weighed, move.Timed, "agent_tool_call_duration_seconds", ToolBounds,
            LabelsOf(all, "service_name agent tool model outcome status source"));
        if (move.IsUngated)
        {
            Increase("agent_ungated_tool_calls_total", LabelsOf(all, "service_name agent tool source"), WeightOf(move.Weighed));
        }

        if (move.Labels.Delegates)
        {
            AddDelegation(all, move.Weighed, move.Timed);
        }
    }

    private void AddDecision(PlainFacts facts, string model)
    {
        Dictionary<string, string> all = PlainClassifier.LabelsOf(facts with { Model = model });
        Count("agent_decisions_total", facts.Span, facts.Span, "agent_decision_duration_seconds", DecisionBounds,
            LabelsOf(all, "service_name agent tool model risk_tier outcome deny reason event source"));
    }

    private void AddModelCall(Dictionary<string, string> all, PlainSpan weighed, PlainSpan? timed) => Count(
        "agent_model_calls_total", weighed, timed, "agent_model_call_duration_seconds", ModelBounds,
        LabelsOf(all, "service_name agent model provider operation status source"));

    private void AddDelegation(Dictionary<string, string> all, PlainSpan weighed, PlainSpan? timed) => Count(
        "agent_delegations_total", weighed, timed, "agent_delegation_duration_seconds", ModelBounds, LabelsOf(all, "service_name agent target status source"));

    private void AddUsage(Dictionary<string, string> all, PlainSpan weighed, IReadOnlyDictionary<string, decimal> parts)
    {
        foreach ((string part, decimal amount) in parts)
        {
            KeyValuePair<string, string>[] labels = LabelsOf(all, "service_name agent model provider source");
            if (part == "cost")
            {
                Increase("agent_cost_usd_total", labels, amount * WeightOf(weighed));
            }
            else
            {
                Increase("agent_tokens_total", [.. labels, KeyValuePair.Create("token_type", part)], amount * WeightOf(weighed));
            }
        }
    }

    private static KeyValuePair<string, string>[] LabelsOf(Dictionary<string, string> all, string names) =>
        [.. names.Split(' ').Select(name => KeyValuePair.Create(name, all[name]))];

    private void Count(string counter, PlainSpan weighed, PlainSpan? timed, string histogram, decimal[] bounds, KeyValuePair<string, string>[] labels)
    {
        decimal weight = WeightOf(weighed);
        Increase(counter, labels, weight);

        // A span without both times counts, and says nothing of a duration; one that ends before it starts took no time.
        bool isTimed = timed is { StartUnixNano: not 0, EndUnixNano: not 0 };
        // None takes longer than 2^63 - 1 nanoseconds, 292 years.
        ulong nanos = timed?.EndUnixNano > timed?.StartUnixNano ? Math.Min(timed.EndUnixNano - timed.StartUnixNano, long.MaxValue) : 0;
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

    /// <summary>
    /// How many spans this one stands for: of 2^56 random numbers a sampler drops those below the threshold that it writes as
    /// <c>ot=th:T</c>. More than 2^20 is not believed.
    /// </summary>
    private static decimal WeightOf(PlainSpan span)
    {
        string? threshold = span.TraceState.Split(',').Select(member => member.Trim(' ', '\t')).Where(member => member.StartsWith("ot=", StringComparison.Ordinal))
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
