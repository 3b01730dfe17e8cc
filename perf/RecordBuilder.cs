using SpanMetrics.Generator;
using SpanMetrics.Otlp;
using SpanMetrics.Semantics;

namespace SpanMetrics.Perf;

/// <summary>
/// Writes policy decisions as kitelogik does, with the model, the agent and two numbers beside its own attributes: 12 in all,
/// fewer or more where that is measured.
/// </summary>
internal sealed class RecordBuilder(int attributes)
{
    public const int UsualAttributes = 12;

    /// <summary>Of one service, as a collector batches them; the first of them says which.</summary>
    public const int SpansPerResource = 50;

    private const ulong Noon = 1_767_268_800_000_000_000;
    private const string Reason = "rule main.tools.limits: role, session and spending were looked at before the call";

    private static readonly string[] Roles = ["support_agent", "claims_adjuster", "analyst", "manager", "site_reliability"];
    private static readonly byte[] HardDeny = SpanEncoder.Error("Hard blocked by security policy");
    private static readonly byte[] SoftDeny = SpanEncoder.Error("Tool call denied by policy");

    private readonly WireWriter _writer = new(1 << 20);
    private readonly Random _random = new(2);
    private ulong _spans;

    /// <summary>Bytes of the record so far.</summary>
    public int Length => _writer.Length;

    public byte[] Build(int spans, Func<AgentSpan> next)
    {
        var encoder = new SpanEncoder(_writer);
        _writer.Clear();
        for (int first = 0; first < spans; first += SpansPerResource)
        {
            AgentSpan span = next();
            int resourceSpans = _writer.Begin(1);
            int resource = _writer.Begin(1);
            SpanEncoder.WriteAttribute(_writer, 1, "service.name", span.Service);
            SpanEncoder.WriteAttribute(_writer, 1, "telemetry.sdk.language", "python");
            _writer.End(resource);
            int scopeSpans = _writer.Begin(2);
            int scope = _writer.Begin(1);
            _writer.StringField(1, "kitelogik.tether"u8);
            _writer.End(scope);
            Write(encoder, span);
            for (int i = first + 1; i < Math.Min(spans, first + SpansPerResource); i++)
            {
                Write(encoder, next());
            }

            _writer.End(scopeSpans);
            _writer.End(resourceSpans);
        }

        return _writer.Written.ToArray();
    }

    private void Write(SpanEncoder encoder, in AgentSpan span)
    {
        ulong start = Noon + (_spans++ * 2_000_000);
        var trace = new TraceId((ulong)_random.NextInt64(), (ulong)_random.NextInt64());
        ulong id = (ulong)_random.NextInt64(), parent = (ulong)_random.NextInt64(1, long.MaxValue);
        encoder.Begin(trace, id, parent, "policy_gate.evaluate"u8, start, start + span.DurationNanos);

        Text("kitelogik.tool_name", span.Tool);
        encoder.Piece(SpanEncoder.Attribute("kitelogik.policy.allow", span.Outcome == Outcome.Allow));
        encoder.Piece(SpanEncoder.Attribute("kitelogik.policy.deny", span.Outcome == Outcome.Deny));
        Text("kitelogik.policy.risk_tier", span.RiskTier);
        Text("gen_ai.request.model", span.Model);
        if (attributes >= UsualAttributes)
        {
            encoder.Piece(SpanEncoder.Attribute("kitelogik.policy.requires_hitl", span.Outcome == Outcome.Hitl));
            Text("kitelogik.policy.reason", Reason[..Math.Clamp(span.ReasonLength, 1, Reason.Length)]);
            Text("kitelogik.session_id", $"sess_{_random.Next():x}");
            Text("kitelogik.user_role", Roles[_random.Next(Roles.Length)]);
            Text("agent.name", span.Agent);
            encoder.Attribute("kitelogik.iteration"u8, _random.Next(20));
            encoder.Attribute("kitelogik.duration_ms"u8, span.DurationNanos / 1e6);
        }

        for (int i = UsualAttributes; i < attributes; i++)
        {
            Text($"app.context.field_{i:D3}", "something nobody asks for");
        }

        if (span.Outcome != Outcome.Allow)
        {
            encoder.Piece(span.Outcome == Outcome.Deny ? HardDeny : SoftDeny);
        }

        encoder.End();
    }

    private void Text(string key, string value) => SpanEncoder.WriteAttribute(_writer, 9, key, value);
}
