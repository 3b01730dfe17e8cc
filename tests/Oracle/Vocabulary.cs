namespace SpanMetrics.Oracle;

/// <summary>The words of all emitters, right ones and nearly right ones, for batches that reach the rules.</summary>
internal static class Vocabulary
{
    private static readonly string[] Flags = ["true", "false", "True", "1", "0", "maybe"];
    private static readonly string[] Counts = ["1", "7", "42", "250", "1000", "0", "-3", "1000000001", "12.5", "many"];
    private static readonly string[] Tools = ["refund", "search_web", "(merged tools)", "Unknown", "a b"];
    private static readonly string[] Agents = ["desk", "k8s_agent", "<not specified>"];
    private static readonly string[] Models = ["gpt-5", "models/gpt-5", "gemini-2.5-pro", "claude-sonnet-4-6", "", "<elided>"];
    private static readonly string[] Operations =
        ["chat", "chat", "chat", "execute_tool", "execute_tool", "text_completion", "generate_content", "embeddings", "invoke_agent", "invoke_workflow", "create_agent", "plan", "CHAT"];

    private static readonly string[] Reasons =
    [
        "Authorization", "ExtAuth", "JwtAuth", "APIKeyAuth", "BasicAuth", "Oidc", "Guardrail", "RateLimit", "DirectResponse", "MCP", "UpstreamFailure", "NotFound", "",
    ];

    private static readonly (string Key, string[] Values)[] GenAi =
    [
        ("gen_ai.operation.name", Operations),
        ("gen_ai.request.model", Models),
        ("gen_ai.response.model", Models),
        ("gen_ai.provider.name", ["openai", "Anthropic", "gcp.gemini", "google", "azure", "aws", "mistralai", "x_ai", "langchain", ""]),
        ("gen_ai.system", ["openai", "gemini", "vertex_ai", "gcp.vertex.agent", "Google", "AnthropicLLMClient", "OwnClient", "Unknown", "bedrock", "openai.chat"]),
        ("gen_ai.tool.name", Tools),
        ("gen_ai.agent.name", Agents),
        ("gen_ai.conversation.id", ["c1", "c2"]),
        ("gen_ai.usage.input_tokens", Counts),
        ("gen_ai.usage.output_tokens", Counts),
        ("gen_ai.usage.prompt_tokens", Counts),
        ("gen_ai.usage.completion_tokens", Counts),
        ("gen_ai.usage.cache_read.input_tokens", Counts),
        ("gen_ai.usage.cache_creation.input_tokens", Counts),
        ("gen_ai.usage.reasoning.output_tokens", Counts),
        ("gen_ai.aggregated_usage.input_tokens", Counts),
        ("error.type", ["timeout", ""]),
    ];

    private static readonly (string Key, string[] Values)[] Kitelogik =
    [
        ("kitelogik.tool_name", Tools),
        ("kitelogik.policy.allow", Flags),
        ("kitelogik.policy.deny", Flags),
        ("kitelogik.policy.requires_hitl", Flags),
        ("kitelogik.policy.risk_tier", ["operational", "DESTRUCTIVE", "grave"]),
        ("kitelogik.tool.name", Tools),
        ("kitelogik.action", ["refund", "spawn"]),
        ("kitelogik.event_type", ["tool_call", "agent.spawn", "agent.plan"]),
        ("kitelogik.allowed", Flags),
        ("kitelogik.sanitizer.was_modified", Flags),
        ("gen_ai.system", ["AnthropicLLMClient", "OpenAIClient", "GoogleClient", "OwnClient"]),
        ("gen_ai.request.model", Models),
        ("gen_ai.usage.input_tokens", Counts),
    ];

    private static readonly (string Key, string[] Values)[] Gateway =
    [
        ("gateway", ["default/gw"]),
        ("route", ["default/r"]),
        ("endpoint", ["10.0.0.1:80"]),
        ("http.method", ["POST"]),
        ("http.status", ["200", "200", "401", "403", "407", "429", "500", "503", "x"]),
        ("grpc.status", ["0", "7"]),
        ("protocol", ["http", "mcp", "llm"]),
        ("reason", Reasons),
        ("reason", Reasons),
        ("error",
        [
            "authorization failed", "external authorization failed", "mcp authentication failure: x", "rate limit exceeded", "rate limit failed",
            "mcp: Unknown tool: refund", "\"mcp: Unknown prompt: x\"", "mcp: mcpGuardrails rejected: no", "boom",
        ]),
        ("agentgateway.outbound.kind", ["Primary"]),
        ("mcp.method.name", ["tools/call", "tools/list"]),
        ("mcp.method", ["tools/call"]),
        ("mcp.resource.type", ["tool", "prompt"]),
        ("mcp.resource.name", Tools),
        ("mcp.tool", Tools),
        ("mcp.error.code", ["-32602"]),
        ("a2a.task.state", ["input-required", "TASK_STATE_AUTH_REQUIRED", "rejected", "failed"]),
        ("a2a.response.outcome", ["success", "error"]),
        ("llm.provider", ["gemini", "google"]),
        ("llm.request.model", Models),
        ("llm.response.model", Models),
        ("llm.request.tokens", Counts),
        ("llm.response.tokens", Counts),
        ("agw.ai.usage.cost.total", ["0.25", "0", "-1", "NaN", "1E-05"]),
        ("gen_ai.tool.name", Tools),
        ("gen_ai.request.model", Models),
        ("gen_ai.usage.input_tokens", Counts),
    ];

    private static readonly (string Key, string[] Values)[] Adk =
    [
        .. GenAi,
        ("gen_ai.tool.type", ["FunctionTool", "AgentTool", "KAgentRemoteA2ATool", "TransferToAgentTool"]),
        ("gen_ai.tool.name", ["transfer_to_agent", "kagent__NS__helm_agent", "refund"]),
        ("gcp.vertex.agent.tool_call_args", ["{\"agent_name\": \"helm\"}", "{}", "[1]"]),
        ("gcp.vertex.agent.tool_response",
        [
            "{\"status\":\"confirmation_requested\",\"tool\":\"refund\"}", "{\"status\":\"confirmation_requested\",\"tool\":\"refund\",\"more\":1}",
            "{\"error\":\"This tool call requires confirmation, please approve or reject.\"}", "{\"error\":\"This tool call is rejected.\"}",
            "{\"error\":\"error tool \\\"refund\\\" call is rejected\"}", "{\"result\":\"Tool call was rejected by user.\"}",
            "{\"result\": \"Tool call was rejected by user. Reason: late\"}", "{\"content\":[],\"isError\":true}", "{\"isError\":\"true\"}", "{", "{}",
        ]),
        ("gen_ai.tool.call.result", ["{\"error\":\"error tool \\\"refund\\\" requires confirmation, please approve or reject\"}", "{\"result\":\"ok\"}"]),
        ("gcp.vertex.agent.llm_response", ["{\"error_code\":\"400\"}", "{\"content\":{\"error_code\":\"400\"}}", "{\"error_code\":null}"]),
        ("gen_ai.usage.experimental.reasoning_tokens", Counts),
        ("kagent.app_name", Agents),
        ("kagent.user_id", ["someone"]),
    ];

    public static EmitterWords[] Emitters { get; } =
    [
        new(["kitelogik.tether", "kitelogik.agent", "kitelogik.adapter", "kitelogik.", "kitelogik"],
            [
                "policy_gate.evaluate", "policy_gate.evaluate_event", "policy_gate.schema_validate", "policy_gate.opa_evaluate.x", "policy_gate.sanitize_response",
                "kitelogik.adapter.tool_call", "gen_ai.chat", "agent_session",
            ],
            Kitelogik),
        new(["agentgateway", "AgentGateway", "request"], ["POST /v1/*", "tools/call", "tools/call everything", "unknown"], Gateway),
        new(["agentgateway"], ["GET /v1/*"], Gateway),
        new(["gcp.vertex.agent"],
            [
                "invocation", "invoke_agent desk", "invoke_workflow w", "invoke_node n", "call_llm", "generate_content gpt-5", "execute_tool refund", "execute_tool (merged)",
                "tool_call [refund]", "tool_response [refund]", "agent_run [desk]",
            ],
            Adk),
        new(["kagent-tools/mcp", "kagent"], ["mcp.tool.refund", "invoke_agent"],
            ("mcp.tool.name", Tools), ("mcp.result.is_error", Flags), ("mcp.request.id", ["refund"]), ("gen_ai.operation.name", ["invoke_agent"])),
        new(["kaos.desk"],
            ["agent.agentic_loop", "agent.step.1", "model.inference", "tool.refund", "mcp.tool.refund", "delegate.helm", "server-run"],
            ("agent.name", Agents), ("tool.name", Tools), ("gen_ai.request.model", Models), ("agent.delegation.target", ["helm"]), ("mcp.server", ["m"])),
        new(["pydantic-ai"],
            ["agent run", "invoke_agent desk", "chat gpt-5", "running tool", "running tools", "execute_tool refund", "running output function"],
            [
                .. GenAi,
                ("agent_name", Agents), ("model_name", Models), ("logfire.msg", ["running output function: x", "running tool: x"]), ("operation.cost", ["0.25", "x"]),
                ("pydantic_ai.tool.deferral.name", ["ApprovalRequired", "CallDeferred", "Other"]),
            ]),
        new(["litellm"], ["litellm_request", "raw_gen_ai_request", "Received Proxy Server Request", "auth"],
            ("llm.request.type", ["completion", "acompletion", "aembedding", "atext_completion", "aresponses", "/v1/chat/completions"]),
            ("gen_ai.operation.name", ["acompletion"]), ("gen_ai.request.model", Models), ("gen_ai.system", ["openai", "Unknown", ""]),
            ("gen_ai.usage.prompt_tokens", Counts), ("gen_ai.usage.completion_tokens", Counts), ("gen_ai.cost.total_cost", ["0.5"]), ("error.type", ["HTTPException"])),
        new(["openinference.instrumentation.openai", "openinference.instrumentation.openai_agents"],
            ["ChatCompletion", "refund", "handoff to helm", "Agent workflow", "desk"],
            ("openinference.span.kind", ["LLM", "EMBEDDING", "TOOL", "AGENT", "CHAIN"]), ("tool.name", Tools), ("llm.model_name", Models), ("embedding.model_name", Models),
            ("llm.provider", ["azure", "google"]), ("llm.system", ["openai"]), ("agent.name", Agents), ("graph.node.id", ["n"]), ("llm.token_count.prompt", Counts),
            ("llm.token_count.completion", Counts), ("llm.token_count.prompt_details.cache_read", Counts), ("llm.token_count.completion_details.reasoning", Counts),
            ("llm.cost.total", ["0.125"])),
        new(["opentelemetry.instrumentation.openai.v1", "opentelemetry.instrumentation.anthropic", "opentelemetry.instrumentation.openai_v2", "traceloop.tracer"],
            ["openai.chat", "anthropic.chat", "gemini.generate_content", "refund.tool", "desk.agent", "desk → unknown.handoff", "desk → helm.handoff", "crewai.workflow", "Agent Workflow"],
            ("traceloop.span.kind", ["workflow", "task", "agent", "tool", "handoff"]), ("traceloop.entity.name", Agents), ("llm.request.type", ["chat", "completion", "rerank"]),
            ("gen_ai.system", ["openai", "Anthropic", "Google", "Azure", "AWS"]), ("gen_ai.request.model", Models), ("gen_ai.tool.name", Tools), ("gen_ai.task.id", ["t"]),
            ("kagent.user_id", ["someone"]), ("gen_ai.usage.input_tokens", Counts), ("gen_ai.usage.cache_read_input_tokens", Counts), ("llm.usage.reasoning_tokens", Counts)),
        new(["langfuse-sdk"], ["refund", "OpenAI-generation"],
            ("langfuse.observation.type", ["generation", "embedding", "tool", "agent", "span"]), ("langfuse.observation.model.name", Models),
            ("langfuse.observation.usage_details", ["{\"input\": 3, \"output\": 4}", "{\"prompt_tokens\":5,\"completion_tokens\":6,\"x\":{\"input\":9}}", "{\"input_tokens\":-1}", "7"]),
            ("langfuse.observation.level", ["ERROR", "DEFAULT"])),
        new(["ai"], ["ai.generateText", "ai.generateText.doGenerate", "ai.streamText.doStream", "ai.toolCall"],
            ("ai.operationId", ["ai.generateText", "ai.generateText.doGenerate", "ai.toolCall"]), ("ai.toolCall.name", Tools), ("ai.model.id", Models),
            ("ai.model.provider", ["openai.chat", "anthropic.messages"]), ("ai.telemetry.functionId", Agents), ("ai.usage.inputTokens", Counts), ("ai.usage.promptTokens", Counts),
            ("ai.usage.outputTokens", Counts), ("ai.usage.cachedInputTokens", Counts)),
        new(["langsmith"], ["refund", "ChatOpenAI"],
            [("langsmith.span.kind", ["llm", "chain", "tool", "retriever", "embedding"]), .. GenAi]),
        new(["logfire.openai", "logfire.openai_agents"], ["Chat Completion with 'gpt-5'", "streaming response from 'gpt-5' took 1s"],
            [
                .. GenAi,
                ("logfire.span_type", ["log", "span"]), ("logfire.msg_template", ["Function: {name}", "Agent run: {name!r}", "Handoff: {from_agent} → {to_agent}", "Responses API with x"]),
                ("name", ["refund", "desk"]), ("to_agent", ["helm"]),
            ]),
        new(["mcp-python-sdk", "Experimental.ModelContextProtocol"], ["tools/call refund", "MCP send tools/call refund", "tools/list"],
            ("mcp.method.name", ["tools/call", "tools/list", "ping"]), ("gen_ai.tool.name", Tools), ("gen_ai.operation.name", ["execute_tool"]), ("error.type", ["tool_error"])),
        new(["com.anthropic.sdk.python", "opentelemetry.util.genai.handler"], ["anthropic.messages.create", "chat gpt-5", "embeddings e-3", "execute_tool refund", "create_agent a"],
            [.. GenAi, ("gen_ai.usage.cache_write.input_tokens", Counts)]),
        new(["other", "", "fastapi"], ["GET /", "other", "", "cache.get"], ("http.method", ["GET"]), ("session.id", ["s"])),
    ];

    public static string[] EventNames { get; } = ["gen_ai.choice", "gen_ai.user.message", "gen_ai.client.inference.operation.details", "", "two\nlines"];
}
