using System.Text.Json;

namespace SpanMetrics.Generator;

/// <summary>What was driven, and so what a worker that reads it must count. Booked from the scenarios, not from the bytes.</summary>
internal sealed class TrafficSummary(int seed)
{
    private static readonly JsonWriterOptions Options = new() { Indented = true };

    private readonly Dictionary<Decision, long> _decisions = [];

    public int Seed => seed;

    public long Records { get; private set; }

    /// <summary>Also the sum of traces_spanmetrics_calls_total.</summary>
    public long Spans { get; private set; }

    public IReadOnlyDictionary<Decision, long> Decisions => _decisions;

    /// <summary>Denies by tool, risk tier or model, in the order of the names.</summary>
    public SortedDictionary<string, long> DeniesBy(Func<Decision, string> label)
    {
        var denies = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach ((Decision decision, long count) in _decisions)
        {
            if (decision.Outcome == "deny")
            {
                string value = label(decision);
                denies[value] = denies.GetValueOrDefault(value) + count;
            }
        }
        return denies;
    }

    public void CountRecord(int spans)
    {
        Records++;
        Spans += spans;
    }

    public void Count(in Decision decision)
    {
        _decisions[decision] = _decisions.GetValueOrDefault(decision) + 1;
    }

    /// <summary>`expect` has the form of the corpus: metric family to rows, a row being some labels and a value.</summary>
    public void WriteJson(Stream to)
    {
        using var json = new Utf8JsonWriter(to, Options);
        json.WriteStartObject();
        json.WriteNumber("records", Records);
        json.WriteNumber("spans", Spans);
        json.WriteNumber("seed", Seed);
        json.WriteStartObject("expect");
        WriteDecisions(json);
        json.WriteStartArray("traces_spanmetrics_calls_total");
        json.WriteStartObject();
        json.WriteNumber("value", Spans);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("denies");
        WriteDenies(json, "tool", decision => decision.Tool);
        WriteDenies(json, "risk_tier", decision => decision.RiskTier);
        WriteDenies(json, "model", decision => decision.Model);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteDecisions(Utf8JsonWriter json)
    {
        var rows = new List<Decision>(_decisions.Keys);
        rows.Sort(static (a, b) => string.CompareOrdinal(a.ToString(), b.ToString()));
        json.WriteStartArray("agent_decisions_total");
        foreach (Decision row in rows)
        {
            json.WriteStartObject();
            json.WriteString("service_name", row.ServiceName);
            json.WriteString("agent", row.Agent);
            json.WriteString("tool", row.Tool);
            json.WriteString("model", row.Model);
            json.WriteString("risk_tier", row.RiskTier);
            json.WriteString("outcome", row.Outcome);
            json.WriteString("deny", row.Deny);
            json.WriteString("reason", row.Reason);
            json.WriteString("event", row.Event);
            json.WriteString("source", "kitelogik");
            json.WriteNumber("value", _decisions[row]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WriteDenies(Utf8JsonWriter json, string label, Func<Decision, string> of)
    {
        json.WriteStartObject(label);
        foreach ((string value, long count) in DeniesBy(of))
        {
            json.WriteNumber(value, count);
        }
        json.WriteEndObject();
    }
}
