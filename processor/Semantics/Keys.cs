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
    ]);
}
