using SpanMetrics.Semantics;

namespace SpanMetrics.Perf;

/// <summary>
/// What the ceilings are measured over, the same bytes in every run: decisions of 8 services on 20 tools, 10 for each service, asked
/// for by 6 models. Every span is a decision, the class that most views want, and no two beside each other need have a tool or a
/// model in common. Together larger than a core's own caches, as records fresh from Kafka are.
/// </summary>
internal static class AgentSpans
{
    public const int Spans = 10_000;
    public const int SpansPerRecord = 200;

    private const int BytesPerSpan = 548;
    private const int UsualReason = 22;

    private static readonly string[] Services =
        ["support-desk", "claims-agent", "payments-agent", "devops-agent", "research-agent", "onboarding", "billing-assistant", "fraud-triage"];

    private static readonly string[] Agents =
        ["supporter", "claims_adjuster", "payments_operator", "site_reliability", "analyst", "onboarder", "biller", "fraud_analyst"];

    private static readonly string[] Models =
        ["claude-sonnet-4-6", "claude-haiku-4-5", "gpt-5.1", "gpt-5-mini", "gemini-2.5-flash", "mistral-large-2411"];

    // The second half is what policies deny and hold.
    private static readonly (string Name, string RiskTier)[] Tools =
    [
        ("search_knowledge_base", "INFORMATIONAL"), ("read_customer_record", "INFORMATIONAL"), ("read_metrics", "INFORMATIONAL"),
        ("web_search", "INFORMATIONAL"), ("list_invoices", "INFORMATIONAL"), ("read_calendar", "INFORMATIONAL"),
        ("create_ticket", "OPERATIONAL"), ("summarize_thread", "INFORMATIONAL"), ("translate", "INFORMATIONAL"), ("classify_document", "INFORMATIONAL"),
        ("send_email", "OPERATIONAL"), ("restart_service", "OPERATIONAL"), ("update_claim", "TRANSACTIONAL_LOW"),
        ("approve_refund", "TRANSACTIONAL_LOW"), ("wire_transfer", "TRANSACTIONAL_HIGH"), ("close_account", "DESTRUCTIVE"),
        ("delete_volume", "DESTRUCTIVE"), ("run_command", "SECURITY_CRITICAL"), ("rotate_secret", "SECURITY_CRITICAL"), ("change_limit", "TRANSACTIONAL_HIGH"),
    ];

    public static RecordSet Make(int spansPerRecord = SpansPerRecord, int attributes = RecordBuilder.UsualAttributes)
    {
        var random = new Random(1);
        var builder = new RecordBuilder(attributes);
        var records = new byte[Spans / spansPerRecord][];
        long built = 0;
        int made = 0, service = 0;
        for (int i = 0; i < records.Length; i++)
        {
            records[i] = builder.Build(spansPerRecord, Next);
            built += records[i].Length;
        }

        return new RecordSet(records, Spans);

        AgentSpan Next()
        {
            if (made % RecordBuilder.SpansPerResource == 0)
            {
                service = random.Next(Services.Length);
            }

            // Reasons get longer or shorter until the mean is right.
            long behind = ((long)made++ * BytesPerSpan) - built - builder.Length;
            int tool = ((service * 3) + (int)(10 * Math.Pow(random.NextDouble(), 0.75))) % Tools.Length;
            int dice = tool < Tools.Length / 2 ? 0 : random.Next(10);
            return new AgentSpan(
                Services[service],
                Agents[service],
                Tools[tool].Name,
                Tools[tool].RiskTier,
                Models[random.Next(Models.Length)],
                dice < 7 ? Outcome.Allow : dice < 9 ? Outcome.Hitl : Outcome.Deny,
                (ulong)(100_000 * Math.Exp(5 * random.NextDouble())),
                UsualReason + random.Next(-10, 11) + (int)(behind / 8));
        }
    }
}
