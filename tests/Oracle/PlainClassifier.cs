using System.Text;
using SpanMetrics.Semantics;

namespace SpanMetrics.Oracle;

/// <summary>What a span says, and the labels that it has on the page, from strings to strings.</summary>
internal static class PlainClassifier
{
    private static readonly string[] Kinds = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];
    private static readonly string[] Statuses = ["UNSET", "OK", "ERROR"];
    private static readonly string[] Tiers = ["INFORMATIONAL", "OPERATIONAL", "TRANSACTIONAL_LOW", "TRANSACTIONAL_HIGH", "DESTRUCTIVE", "SECURITY_CRITICAL"];

    public static PlainFacts FactsOf(PlainSpan span)
    {
        string spanClass = PlainClasses.Of(span);
        string source = PlainSources.Of(span, spanClass);
        string tool = PlainNames.ToolOf(span, spanClass);
        string model = PlainNames.ModelOf(span, spanClass);
        (string outcome, string reason, string tier) = PlainOutcomes.Of(span, spanClass, tool);
        return new PlainFacts
        {
            Span = span,
            Class = spanClass,
            Source = source,
            Service = span.Resource["service.name"].Text,
            Agent = PlainNames.AgentOf(span),
            Tool = tool,
            Model = model,
            Provider = PlainNames.ProviderOf(span, span.Name, model),
            Operation = PlainNames.OperationOf(span, source),
            Target = PlainNames.TargetOf(span, tool),
            Event = PlainNames.EventOf(span, spanClass, tool),
            Outcome = outcome,
            Reason = reason,
            Tier = tier,
            Status = PlainOutcomes.StatusOf(span, spanClass),
            Conversation = span.First("gen_ai.conversation.id"),
            Delegates = spanClass == "delegation" || (spanClass == "tool" && PlainClasses.Delegates(span, tool)),
            Tokens = PlainTokens.Of(span, spanClass),
            Cost = PlainTokens.CostOf(span, spanClass),
        };
    }

    /// <summary>Every dimension of every view, by its label's name.</summary>
    public static Dictionary<string, string> LabelsOf(PlainFacts facts)
    {
        string unlessCalled = facts.Class == "llm" ? "unknown" : "none";
        return new Dictionary<string, string>
        {
            ["service_name"] = LabelOf(facts.Service.OrElse("unknown")),
            ["span_name"] = LabelOf(facts.Span.Name.OrElse("unknown")),
            ["span_kind"] = "SPAN_KIND_" + Kinds[facts.Span.Kind],
            ["status_code"] = "STATUS_CODE_" + Statuses[facts.Span.Status],
            ["status"] = facts.Status,
            ["agent"] = LabelOf(facts.Agent.OrElse(facts.Service is "" or "kagent" ? "unknown" : facts.Service)),
            ["tool"] = LabelOf(facts.Tool.OrElse(NoTool(facts))),
            ["model"] = LabelOf(facts.Model.OrElse(unlessCalled)),
            ["provider"] = LabelOf(facts.Provider.OrElse(unlessCalled)),
            ["operation"] = LabelOf(facts.Operation.OrElse(facts.Class switch
            {
                "llm" => "chat",
                "tool" => "execute_tool",
                "agent" => "invoke_agent",
                _ => facts.Class,
            })),
            ["target"] = LabelOf(facts.Target.OrElse("unknown")),
            ["event"] = LabelOf(facts.Event.OrElse("none")),
            ["outcome"] = facts.Outcome,
            ["deny"] = facts.Outcome == "deny" ? "true" : "false",
            ["reason"] = facts.Reason,
            ["risk_tier"] = facts.Tier,
            ["source"] = facts.Source,
            ["modified"] = facts.Span.Attributes["kitelogik.sanitizer.was_modified"].Flag switch { true => "true", false => "false", null => "unknown" },
        };
    }

    public static Dictionary<string, string> LabelsOf(PlainLogRecord logRecord, string eventName)
    {
        // What ADK says of the provider is untrue.
        string provider = logRecord.ScopeName.Is("gcp.vertex.agent") ? "" : PlainNames.ProviderOf(logRecord, "", "");
        return new Dictionary<string, string>
        {
            ["service_name"] = LabelOf(logRecord.Resource["service.name"].Text.OrElse("unknown")),
            ["event_name"] = LabelOf(eventName),
            ["provider"] = LabelOf(provider.OrElse("unknown")),
            ["source"] = PlainSources.Of(logRecord, ""),
        };
    }

    /// <summary>As the label spells it; empty where neither is a tier.</summary>
    public static string HigherTier(string one, string other)
    {
        int rank = Math.Max(RankOf(one), RankOf(other));
        return rank < 0 ? "" : Tiers[rank];

        static int RankOf(string text) => Array.FindIndex(Tiers, tier => string.Equals(tier, text, StringComparison.OrdinalIgnoreCase));
    }

    private static string NoTool(PlainFacts facts)
    {
        string method = facts.Span.First("mcp.method.name", "mcp.method");
        bool isCall = facts.Class switch
        {
            "tool" or "mcp_server" => method.Is("", "tools/call"),
            "decision" => facts.Event.Is("tool_call"),
            _ => false,
        };
        return isCall ? "unknown" : "none";
    }

    /// <summary>What characters a label may have is the business of the product and of its unit tests.</summary>
    private static string LabelOf(string bytes)
    {
        byte[] raw = Encoding.Latin1.GetBytes(bytes);
        return Encoding.UTF8.GetString(LabelValue.IsPlain(raw) ? raw : LabelValue.Of(raw));
    }
}
