using SpanMetrics.Otlp;

namespace SpanMetrics.Semantics;

/// <summary>The attributes that the classifier reads: slot numbers, and the selector that gives them out.</summary>
internal static class Keys
{
    public const short ServiceName = 0;
    public const short PolicyAllow = 1;
    public const short PolicyDeny = 2;
    public const short PolicyRequiresHitl = 3;
    public const short PolicyRiskTier = 4;
    public const short GateToolName = 5;
    public const short AdapterToolName = 6;
    public const short Action = 7;
    public const short EventType = 8;
    public const short RequestModel = 9;
    public const short ResponseModel = 10;
    public const short GenAiAgentName = 11;
    public const short AgentName = 12;

    public static readonly AttributeSelector Selector = new(
    [
        "service.name",
        "kitelogik.policy.allow",
        "kitelogik.policy.deny",
        "kitelogik.policy.requires_hitl",
        "kitelogik.policy.risk_tier",
        "kitelogik.tool_name",
        "kitelogik.tool.name",
        "kitelogik.action",
        "kitelogik.event_type",
        "gen_ai.request.model",
        "gen_ai.response.model",
        "gen_ai.agent.name",
        "agent.name",
    ], Replaces);

    // The protocol leaves open what a repeated key means. The worst answer and the highest tier count: a second value must
    // not take a deny back. Of names the last counts.
    private static bool Replaces(int slot, AttributeValue earlier, AttributeValue later) => slot switch
    {
        PolicyDeny or PolicyRequiresHitl => IsNoBetter(earlier, later, worst: true),
        PolicyAllow => IsNoBetter(earlier, later, worst: false),
        PolicyRiskTier => TierOf(later) >= TierOf(earlier),
        _ => true,
    };

    private static bool IsNoBetter(AttributeValue earlier, AttributeValue later, bool worst) =>
        later.AsBool() is bool answer && (answer == worst || earlier.AsBool() != worst);

    private static RiskTier TierOf(AttributeValue value) => DimensionText.ParseRiskTier(value.AsText(stackalloc byte[32]));
}
