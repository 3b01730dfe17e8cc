namespace SpanMetrics.Oracle;

/// <summary>What a span is. The first class that fits is the span's.</summary>
internal static class PlainClasses
{
    private const int Server = 2;

    public static string Of(PlainSpan span) =>
        IsDecision(span) ? "decision"
        : IsIgnored(span) ? "ignored"
        : span.Name.Is("policy_gate.sanitize_response") ? "sanitizer"
        : span.ScopeName.Is("agentgateway") || (span.Has("gateway") && span.Has("route") && span.Has("http.status")) ? "gateway"
        : IsMcpServer(span) ? "mcp_server"
        : IsDelegation(span) ? "delegation"
        : IsTool(span) ? "tool"
        : IsModelCall(span) ? "llm"
        : IsAgent(span) ? "agent"
        : "other";

    /// <summary>Logfire writes a streamed call's tokens on a span of their own: it is neither a call nor takes any time.</summary>
    public static bool IsTokensOnly(PlainSpan span) =>
        span.Is("logfire.span_type", "log") && span.Is("gen_ai.operation.name", "chat", "text_completion", "generate_content", "embeddings");

    /// <summary>The duration of a turn of ADK 1.x holds its tools and sub-agents.</summary>
    public static bool IsTurn(PlainSpan span) => span.ScopeName.Is("gcp.vertex.agent")
        && (span.Name.Is("call_llm") || (span.Name.Is("generate_content *") && span.Is("gen_ai.operation.name", "generate_content") && span.Has("gen_ai.agent.name") && !span.Has("gen_ai.provider.name")));

    /// <summary>OpenLLMetry's span of a call to Anthropic inside kagent names no model: it is never counted by itself.</summary>
    public static bool WaitsForOuter(PlainSpan span, string model) => span.ScopeName.Is("opentelemetry.instrumentation.anthropic") && span.Name.Is("anthropic.chat")
        && model == "" && (span.Has("kagent.user_id") || span.Has("gen_ai.task.id"));

    /// <summary>Tools of ADK that hand over to another agent.</summary>
    public static bool Delegates(PlainSpan span, string tool) => span.ScopeName.Is("gcp.vertex.agent")
        && (span.Is("gen_ai.operation.name", "execute_tool") || span.Name.Is("execute_tool *", "tool_call [transfer_to_agent]"))
        && (span.Is("gen_ai.tool.type", "KAgentRemoteA2ATool", "AgentTool", "RemoteA2aAgent", "TransferToAgentTool") || tool.Is("transfer_to_agent"));

    public static bool IsLogfireAgents(PlainSpan span, string template) =>
        span.ScopeName.Is("logfire.openai_agents") && span.Is("logfire.msg_template", template);

    private static bool IsDecision(PlainSpan span) =>
        (span.ScopeName.Is("kitelogik.tether") && span.Name.Is("policy_gate.evaluate", "policy_gate.evaluate_event"))
        || span.Attributes["kitelogik.policy.allow"].Flag.HasValue
        || span.Attributes["kitelogik.policy.deny"].Flag.HasValue
        || span.Attributes["kitelogik.policy.requires_hitl"].Flag.HasValue;

    private static bool IsIgnored(PlainSpan span) =>
        span.Name.Is("running output function")
        || (span.ScopeName.Is("pydantic-ai") && span.Is("logfire.msg", "running output function*"))
        || span.Name.Is("policy_gate.schema_validate", "policy_gate.opa_evaluate*")
        || span.Name.Is("execute_tool (merged)")
        || span.Is("gen_ai.tool.name", "(merged tools)")
        || span.Name.Is("running tools")
        || (span.ScopeName.Is("kaos.*") && span.Name.Is("mcp.tool.*"))
        || span.Name.Is("agent.step.*", "agent_step", "raw_gen_ai_request", "cache.*")
        || (span.ScopeName.Is("agentgateway") && (span.Has("agentgateway.outbound.kind") || (!span.Has("gateway") && !span.Has("http.method"))))
        || (span.ScopeName.Is("gcp.vertex.agent") && span.Name.Is("tool_response*", "invocation"))
        || span.Is("gen_ai.operation.name", "invoke_workflow", "create_agent")
        || span.Name.Is("invoke_node *", "Agent Workflow", "crewai.workflow", "server-run")
        || span.Is("traceloop.span.kind", "workflow")
        || (span.ScopeName.Is("*openai_agents") && span.Is("openinference.span.kind", "AGENT") && !span.Has("graph.node.id"));

    private static bool IsMcpServer(PlainSpan span) =>
        (span.Has("mcp.method.name") && span.Kind == Server && !span.ScopeName.Is("agentgateway"))
        || (span.ScopeName.Is("kagent-tools/mcp") && span.Name.Is("mcp.tool.*"));

    private static bool IsDelegation(PlainSpan span) =>
        (span.Is("openinference.span.kind", "TOOL") && !span.Has("tool.name") && span.Name.Is("handoff to *"))
        || IsLogfireAgents(span, "Handoff: *")
        || span.Is("traceloop.span.kind", "handoff")
        || (span.Is("openinference.span.kind", "AGENT") && span.Name.Is("handoff to *"))
        || span.Name.Is("delegate.*", "* → *.handoff");

    private static bool IsTool(PlainSpan span) =>
        span.Is("gen_ai.operation.name", "execute_tool")
        || IsLogfireAgents(span, "Function: *")
        || span.Is("openinference.span.kind", "TOOL")
        || span.Is("traceloop.span.kind", "tool")
        || span.Is("langfuse.observation.type", "tool")
        || span.Is("langsmith.span.kind", "tool")
        || span.Name.Is("ai.toolCall")
        || span.Is("ai.operationId", "ai.toolCall")
        || (span.Is("mcp.method.name", "tools/call") && span.Kind != Server)
        || span.Name.Is("kitelogik.adapter.tool_call", "tool.*", "execute_tool *", "running tool", "*.tool")
        || (span.ScopeName.Is("gcp.vertex.agent") && span.Name.Is("tool_call [*]"));

    private static bool IsModelCall(PlainSpan span)
    {
        // LangSmith says `embeddings` of a retriever; LiteLLM puts its attributes on one of FastAPI's spans too.
        bool isOther = span.Has("langsmith.span.kind") && !span.Is("langsmith.span.kind", "llm", "embedding");
        bool isWeb = span.ScopeName.Is("fastapi");
        return (!isWeb && !isOther && span.Is("gen_ai.operation.name", "chat", "text_completion", "generate_content", "embeddings"))
            || span.Is("openinference.span.kind", "LLM", "EMBEDDING")
            || span.Is("langfuse.observation.type", "generation", "embedding")
            || span.Is("langsmith.span.kind", "llm", "embedding")
            || (!isWeb && span.Has("llm.request.type"))
            || span.Name.Is("*.doGenerate", "*.doStream")
            || span.Is("ai.operationId", "*.doGenerate", "*.doStream")
            || span.Name.Is("call_llm", "model.inference", "gen_ai.chat", "litellm_request", "openai.*", "anthropic.*", "gemini.*")
            || IsLogfireAgents(span, "Responses API *");
    }

    private static bool IsAgent(PlainSpan span) =>
        span.Is("gen_ai.operation.name", "invoke_agent")
        || span.Is("openinference.span.kind", "AGENT")
        || span.Is("traceloop.span.kind", "agent", "handoff")
        || span.Is("langfuse.observation.type", "agent")
        || IsLogfireAgents(span, "Agent run: *")
        || span.Name.Is("agent.agentic_loop", "agent_session", "agent run", "invoke_agent *", "agent_run [*]", "delegate.*", "*.agent");
}
