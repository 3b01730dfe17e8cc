namespace SpanMetrics.Generator;

/// <summary>The labels of agent_decisions_total; `agent`, `deny` and `source` follow from these.</summary>
internal readonly record struct Decision(
    string ServiceName, string Tool, string Model, string RiskTier, string Outcome, string Reason, string Event)
{
    /// <summary>kitelogik names no agent, so the service is the agent.</summary>
    public string Agent => ServiceName;

    public string Deny => Outcome == "deny" ? "true" : "false";
}
