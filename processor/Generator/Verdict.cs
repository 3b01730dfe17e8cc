namespace SpanMetrics.Generator;

/// <summary>
/// What the gate made of one call: on the wire (attributes, status, exception) and in the metrics (outcome, reason, tier).
/// The wire half is kitelogik's; the metric half is what the worker must say of it.
/// </summary>
internal sealed class Verdict
{
    public required string Outcome { get; init; }

    public required string Reason { get; init; }

    /// <summary>As the metrics must name it, which is not always on the span.</summary>
    public required string RiskTier { get; init; }

    public GateShape Shape { get; init; } = GateShape.Answered;

    /// <summary>Whether the tool is run then.</summary>
    public bool Runs { get; init; }

    /// <summary>The kitelogik.policy.* attributes, encoded; empty where the gate sets none.</summary>
    public byte[] Policy { get; init; } = [];

    /// <summary>The span's status, encoded; empty for UNSET.</summary>
    public byte[] Status { get; init; } = [];

    /// <summary>What the gate raised; null where it came to a decision.</summary>
    public Failure? Raised { get; init; }

    /// <summary>The five attributes in the order in which the gate sets them.</summary>
    public static byte[] PolicyAttributes(bool allow, bool deny, bool hitl, string riskTier, string reason) =>
    [
        .. SpanEncoder.Attribute("kitelogik.policy.allow", allow),
        .. SpanEncoder.Attribute("kitelogik.policy.deny", deny),
        .. SpanEncoder.Attribute("kitelogik.policy.risk_tier", riskTier),
        .. SpanEncoder.Attribute("kitelogik.policy.requires_hitl", hitl),
        .. SpanEncoder.Attribute("kitelogik.policy.reason", reason),
    ];

    public static readonly Verdict EngineDown = new()
    {
        Outcome = "deny",
        Reason = "engine_unavailable",
        RiskTier = "SECURITY_CRITICAL",
        Shape = GateShape.EngineDown,
        Status = SpanEncoder.Error("OPA unreachable — denied"),
    };

    public static readonly Verdict InvalidToken = new()
    {
        Outcome = "deny",
        Reason = "credential",
        RiskTier = "SECURITY_CRITICAL",
        Shape = GateShape.Unauthenticated,
        Policy = PolicyAttributes(false, true, false, "SECURITY_CRITICAL", "Invalid or expired session token — access denied"),
        Status = SpanEncoder.Error("Invalid session token"),
    };

    /// <summary>Governance events say less than tool calls: no tier, no hitl, no reason.</summary>
    public static readonly Verdict InvalidTokenOfEvent = new()
    {
        Outcome = "deny",
        Reason = "credential",
        RiskTier = "SECURITY_CRITICAL",
        Shape = GateShape.Unauthenticated,
        Policy = [.. SpanEncoder.Attribute("kitelogik.policy.allow", false), .. SpanEncoder.Attribute("kitelogik.policy.deny", true)],
        Status = SpanEncoder.Error("Invalid session token"),
    };

    public static readonly Verdict ArgumentsInvalid = RaisedBy(GateShape.SchemaRaised, Failure.ArgumentsInvalid);

    public static readonly Verdict AnswerTorn = RaisedBy(GateShape.EngineRaised, Failure.AnswerTorn);

    private static Verdict RaisedBy(GateShape shape, Failure failure) => new()
    {
        Outcome = "error",
        Reason = "other",
        RiskTier = "none",
        Shape = shape,
        Raised = failure,
        Status = failure.Status,
    };
}
