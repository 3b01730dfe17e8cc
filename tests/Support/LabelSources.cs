namespace SpanMetrics.Tests.Support;

/// <summary>
/// All the text of a span or log record that may become a label by the metric contract, beside the span's name and the log
/// record's event name. Written down here a second time: a source that is added to the product must be added here by somebody.
/// </summary>
internal static class LabelSources
{
    public static readonly HashSet<string> Attributes =
    [
        // tool
        "kitelogik.tool_name", "kitelogik.tool.name", "kitelogik.action", "gen_ai.tool.name", "mcp.tool.name", "mcp.tool", "mcp.resource.name", "tool.name",
        "ai.toolCall.name", "traceloop.entity.name", "name",

        // model and provider
        "gen_ai.request.model", "gen_ai.response.model", "llm.request.model", "llm.request.model_name", "llm.response.model", "llm.model_name", "ai.model.id",
        "langfuse.observation.model.name", "embedding.model_name", "model_name", "gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system",
        "ai.model.provider", "langsmith.metadata.ls_model_name", "langsmith.metadata.ls_provider",

        // operation and event
        "gen_ai.operation.name", "openinference.span.kind", "traceloop.span.kind", "llm.request.type", "ai.operationId", "langfuse.observation.type",
        "langsmith.span.kind", "mcp.method.name", "mcp.method", "a2a.method", "kitelogik.event_type", "event.name",

        // agent and target
        "gen_ai.agent.name", "agent.name", "agent_name", "kagent.app_name", "ai.telemetry.functionId", "graph.node.id", "agent.delegation.target", "to_agent",
    ];

    public static readonly HashSet<string> Resource = ["service.name", "kaos.resource.name"];

    /// <summary>A member of a JSON object in an attribute, not the whole of it: the agent that a tool call hands over to.</summary>
    public const string JsonMember = "agent_name";
}
