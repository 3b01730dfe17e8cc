using SpanMetrics.Otlp;

namespace SpanMetrics.Semantics;

/// <summary>The attributes that the classifier reads: slot numbers, and the selector that gives them out.</summary>
internal static class Keys
{
    public const int ServiceName = 0;
    public const int PolicyAllow = 1;
    public const int PolicyDeny = 2;
    public const int PolicyRequiresHitl = 3;
    public const int PolicyRiskTier = 4;
    public const int GateToolName = 5;
    public const int AdapterToolName = 6;
    public const int Action = 7;
    public const int EventType = 8;
    public const int RequestModel = 9;
    public const int ResponseModel = 10;
    public const int GenAiAgentName = 11;
    public const int AgentName = 12;

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
