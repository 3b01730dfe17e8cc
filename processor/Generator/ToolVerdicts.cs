namespace SpanMetrics.Generator;

/// <summary>What the policies can say of a tool call of one risk tier.</summary>
internal sealed class ToolVerdicts(string riskTier)
{
    private const string DeniedByPolicy = "Tool call denied by policy";

    public Verdict Allow { get; } = new()
    {
        Outcome = "allow",
        Reason = "none",
        RiskTier = riskTier,
        Runs = true,
        Policy = Verdict.PolicyAttributes(true, false, false, riskTier, $"Allowed — risk tier: {riskTier}"),
    };

    public Verdict HardDeny { get; } = new()
    {
        Outcome = "deny",
        Reason = "policy",
        RiskTier = riskTier,
        Policy = Verdict.PolicyAttributes(false, true, false, riskTier, "Hard blocked by security policy"),
        Status = SpanEncoder.Error("Hard blocked by security policy"),
    };

    /// <summary>Neither allowed nor denied: the status text is that of a held call, the three flags are all false.</summary>
    public Verdict SoftDeny { get; } = new()
    {
        Outcome = "deny",
        Reason = "policy",
        RiskTier = riskTier,
        Policy = Verdict.PolicyAttributes(false, false, false, riskTier, $"Denied — risk tier: {riskTier}"),
        Status = SpanEncoder.Error(DeniedByPolicy),
    };

    public Verdict Hold { get; } = new()
    {
        Outcome = "hitl",
        Reason = "approval",
        RiskTier = riskTier,
        Policy = Verdict.PolicyAttributes(false, false, true, riskTier, $"Denied — risk tier: {riskTier}"),
        Status = SpanEncoder.Error(DeniedByPolicy),
    };

    /// <summary>Allowed and to be approved at once: the adapters run it, and the status stays UNSET.</summary>
    public Verdict HoldButRun { get; } = new()
    {
        Outcome = "hitl",
        Reason = "approval",
        RiskTier = riskTier,
        Runs = true,
        Policy = Verdict.PolicyAttributes(true, false, true, riskTier, $"Allowed — risk tier: {riskTier}"),
    };
}
