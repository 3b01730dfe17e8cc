using System.Text;
using SpanMetrics.Aggregation;
using SpanMetrics.Semantics;

namespace SpanMetrics.Oracle;

/// <summary>The labels of a span, as the README says them, from strings to strings.</summary>
internal static class PlainClassifier
{
    private static readonly string[] Kinds = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];
    private static readonly string[] Statuses = ["UNSET", "OK", "ERROR"];
    private static readonly string[] Tiers = ["INFORMATIONAL", "OPERATIONAL", "TRANSACTIONAL_LOW", "TRANSACTIONAL_HIGH", "DESTRUCTIVE", "SECURITY_CRITICAL"];

    /// <summary>Every dimension of every view, by its label's name.</summary>
    public static Dictionary<string, string> LabelsOf(PlainSpan span, out bool isDecision)
    {
        bool? allow = span.Attributes["kitelogik.policy.allow"].Flag;
        bool? deny = span.Attributes["kitelogik.policy.deny"].Flag;
        bool? hitl = span.Attributes["kitelogik.policy.requires_hitl"].Flag;
        bool isKitelogik = span.ScopeName.StartsWith("kitelogik.", StringComparison.Ordinal);
        isDecision = allow.HasValue || deny.HasValue || hitl.HasValue
            || (isKitelogik && span.Name is ("policy_gate.evaluate" or "policy_gate.evaluate_event"));
        bool isTool = !isDecision && isKitelogik && span.Name == "kitelogik.adapter.tool_call";
        bool isModelCall = !isDecision && isKitelogik && span.Name == "gen_ai.chat";

        string service = OrElse(span.Resource["service.name"].Text, "unknown");
        string happened = isDecision ? OrElse(span.Attributes["kitelogik.event_type"].Text, "tool_call") : "none";
        (string outcome, string reason, string tier) = isDecision ? Decision(span, allow, deny, hitl) : ("none", "none", "none");
        return new Dictionary<string, string>
        {
            ["service_name"] = LabelOf(service),
            ["span_name"] = LabelOf(OrElse(span.Name, "unknown")),
            ["span_kind"] = "SPAN_KIND_" + Kinds[span.Kind],
            ["status_code"] = "STATUS_CODE_" + Statuses[span.Status],
            ["agent"] = LabelOf(OrElse(First(span, "gen_ai.agent.name", "agent.name"), service)),
            ["tool"] = LabelOf(Tool(span, isDecision, isTool, happened)),
            ["model"] = LabelOf(OrElse(Model(span), isModelCall ? "unknown" : "none")),
            ["event"] = LabelOf(happened),
            ["outcome"] = outcome,
            ["deny"] = outcome == "deny" ? "true" : "false",
            ["reason"] = reason,
            ["risk_tier"] = tier,
            ["source"] = isKitelogik ? "kitelogik" : "other",
        };
    }

    /// <summary>As the label spells it; empty where neither is a tier.</summary>
    public static string HigherTier(string one, string other)
    {
        int rank = Math.Max(RankOf(one), RankOf(other));
        return rank < 0 ? "" : Tiers[rank];

        static int RankOf(string text) => Array.FindIndex(Tiers, tier => string.Equals(tier, text, StringComparison.OrdinalIgnoreCase));
    }

    private static (string Outcome, string Reason, string Tier) Decision(PlainSpan span, bool? allow, bool? deny, bool? hitl)
    {
        bool engineAway = span.StatusMessage.StartsWith("OPA unreachable", StringComparison.Ordinal);
        bool badToken = span.StatusMessage == "Invalid session token";

        // A deny beats a hold, a hold beats an allow; with the engine away or the token bad the gate denies without a word of its own.
        string outcome = deny == true ? "deny"
            : hitl == true ? "hitl"
            : allow == true ? "allow"
            : allow == false || engineAway || badToken ? "deny"
            : span.Status == 2 ? "error"
            : "none";
        string reason = outcome switch
        {
            "deny" => badToken ? "credential" : engineAway ? "engine_unavailable" : "policy",
            "hitl" => "approval",
            "error" => "other",
            _ => "none",
        };
        string tier = span.Attributes["kitelogik.policy.risk_tier"].Text;
        return (outcome, reason, OrElse(tier, engineAway || badToken ? "SECURITY_CRITICAL" : "none"));
    }

    private static string Tool(PlainSpan span, bool isDecision, bool isTool, string happened)
    {
        if (!isDecision && !isTool)
        {
            return "none";
        }

        string tool = First(span, "kitelogik.tool_name", "kitelogik.tool.name");
        return isDecision && happened != "tool_call" ? OrElse(tool, "none")
            : isDecision ? OrElse(tool, OrElse(span.Attributes["kitelogik.action"].Text, "unknown"))
            : OrElse(tool, "unknown");
    }

    private static string Model(PlainSpan span)
    {
        string model = First(span, "gen_ai.request.model", "gen_ai.response.model");
        return model.StartsWith("models/", StringComparison.Ordinal) ? model["models/".Length..] : model;
    }

    private static string First(PlainSpan span, string key, string otherKey) => OrElse(span.Attributes[key].Text, span.Attributes[otherKey].Text);

    private static string OrElse(string text, string other) => text.Length > 0 ? text : other;

    /// <summary>What characters a label may have is the business of the product and of its unit tests.</summary>
    private static string LabelOf(string bytes)
    {
        byte[] raw = Encoding.Latin1.GetBytes(bytes);
        return Encoding.UTF8.GetString(LabelValue.IsPlain(raw) ? raw : LabelValue.Of(raw));
    }
}
