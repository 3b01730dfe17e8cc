namespace SpanMetrics.Generator;

/// <summary>A kind of `policy_gate.evaluate_event` and what the bundled policies say of it. Their denies carry hitl as well; deny wins.</summary>
internal sealed class GovernanceEvent(string type, double deny, string whyDenied)
{
    private const string Tier = "OPERATIONAL";

    public static readonly GovernanceEvent Spawn = new("agent.spawn", 0.04,
        "Agent lifecycle denied — spawn/delegate exceeds the depth limit or requests an ungranted capability");

    /// <summary>Those that come in the course of a session.</summary>
    public static readonly GovernanceEvent[] Running =
    [
        new("agent.delegate", 0.10, "Delegation denied — exceeds depth limit or requests a scope the parent does not hold"),
        new("agent.plan", 0.06, "Plan denied — exceeds the step limit or contains a blocked tool"),
        new("agent.budget", 0.08, "Resource budget exhausted"),
    ];

    public string Type => type;

    /// <summary>Share denied by policy.</summary>
    public double Denied => deny;

    public byte[] Attributes { get; } =
        [.. SpanEncoder.Attribute("kitelogik.event_type", type), .. SpanEncoder.Attribute("kitelogik.action", type)];

    public Verdict Allow { get; } = new()
    {
        Outcome = "allow",
        Reason = "none",
        RiskTier = Tier,
        Runs = true,
        Policy = Verdict.PolicyAttributes(true, false, false, Tier, $"Allowed — risk tier: {Tier}"),
    };

    public Verdict HardDeny { get; } = new()
    {
        Outcome = "deny",
        Reason = "policy",
        RiskTier = Tier,
        Policy = Verdict.PolicyAttributes(false, true, true, Tier, whyDenied),
        Status = SpanEncoder.Error("Governance event hard blocked"),
    };

    public Verdict Hold { get; } = new()
    {
        Outcome = "hitl",
        Reason = "approval",
        RiskTier = Tier,
        Policy = Verdict.PolicyAttributes(false, false, true, Tier, $"Denied — risk tier: {Tier}"),
        Status = SpanEncoder.Error("Governance event denied"),
    };
}
