namespace SpanMetrics.Generator;

/// <summary>Who appears in the generated traffic. The shares are made up so that tools, tiers and models differ on a dashboard.</summary>
internal static class Cast
{
    private const string Informational = "INFORMATIONAL";
    private const string Operational = "OPERATIONAL";
    private const string TransactionalLow = "TRANSACTIONAL_LOW";
    private const string TransactionalHigh = "TRANSACTIONAL_HIGH";
    private const string Destructive = "DESTRUCTIVE";
    private const string SecurityCritical = "SECURITY_CRITICAL";

    private static readonly AgentTool SearchKnowledgeBase = new("search_knowledge_base", Informational, Deny: 0.002, Hold: 0, MedianMs: 60);
    private static readonly AgentTool ReadCustomerRecord = new("read_customer_record", Informational, Deny: 0.010, Hold: 0, MedianMs: 25);
    private static readonly AgentTool ReadMetrics = new("read_metrics", Informational, Deny: 0.002, Hold: 0, MedianMs: 40);
    private static readonly AgentTool WebSearch = new("web_search", Informational, Deny: 0.010, Hold: 0, MedianMs: 600);
    private static readonly AgentTool CreateTicket = new("create_ticket", Operational, Deny: 0.004, Hold: 0, MedianMs: 90);
    private static readonly AgentTool SendEmail = new("send_email", Operational, Deny: 0.040, Hold: 0.05, MedianMs: 180);
    private static readonly AgentTool RestartService = new("restart_service", Operational, Deny: 0.050, Hold: 0.08, MedianMs: 1_200);
    private static readonly AgentTool UpdateClaim = new("update_claim", TransactionalLow, Deny: 0.030, Hold: 0.04, MedianMs: 70);
    private static readonly AgentTool ApproveRefund = new("approve_refund", TransactionalLow, Deny: 0.060, Hold: 0.12, MedianMs: 110);
    private static readonly AgentTool WireTransfer = new("wire_transfer", TransactionalHigh, Deny: 0.100, Hold: 0.35, MedianMs: 300);
    private static readonly AgentTool DeleteVolume = new("delete_volume", Destructive, Deny: 0.300, Hold: 0.30, MedianMs: 800);
    private static readonly AgentTool RunCommand = new("run_command", SecurityCritical, Deny: 0.450, Hold: 0.10, MedianMs: 250);

    private static readonly AgentModel Sonnet = new("claude-sonnet-4-6", "AnthropicLLMClient", "tool_use", "end_turn", MedianMs: 1_900, Misbehaves: 0.8);
    private static readonly AgentModel Haiku = new("claude-haiku-4-5", "AnthropicLLMClient", "tool_use", "end_turn", MedianMs: 900, Misbehaves: 1.1);
    private static readonly AgentModel Gpt = new("gpt-5.1", "OpenAIClient", "tool_calls", "stop", MedianMs: 2_300, Misbehaves: 0.9);
    private static readonly AgentModel GptMini = new("gpt-5-mini", "OpenAIClient", "tool_calls", "stop", MedianMs: 1_100, Misbehaves: 1.9);
    private static readonly AgentModel Gemini = new("gemini-2.5-flash", "GoogleClient", "STOP", "STOP", MedianMs: 800, Misbehaves: 1.5);

    public static readonly AgentService[] Services =
    [
        new("support-desk", "customer", "support_agent",
            [SearchKnowledgeBase, SearchKnowledgeBase, ReadCustomerRecord, ReadCustomerRecord, CreateTicket, SendEmail, ApproveRefund],
            [Haiku, Haiku, Sonnet, GptMini]),
        new("claims-agent", "customer", "claims_adjuster",
            [ReadCustomerRecord, ReadCustomerRecord, UpdateClaim, UpdateClaim, ApproveRefund, CreateTicket, SendEmail],
            [Sonnet, Sonnet, Gpt]),
        new("payments-agent", "finance", "payments_operator",
            [ReadCustomerRecord, ReadCustomerRecord, ApproveRefund, WireTransfer, CreateTicket],
            [Gpt, Gpt, Sonnet, GptMini]),
        new("devops-agent", "platform", "site_reliability",
            [ReadMetrics, ReadMetrics, ReadMetrics, CreateTicket, RestartService, RunCommand, DeleteVolume],
            [Sonnet, GptMini, Gemini]),
        new("research-agent", "platform", "analyst",
            [WebSearch, WebSearch, WebSearch, SearchKnowledgeBase, ReadMetrics, SendEmail, RunCommand],
            [Gemini, Gemini, Haiku, Gpt]),
    ];

    /// <summary>Hardly ever denied; in scenario `deny-spike` each in its turn suddenly is.</summary>
    public static readonly AgentTool[] QuietTools = [CreateTicket, SearchKnowledgeBase, ReadMetrics];
}
