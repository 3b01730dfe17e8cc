using System.Text.Json;

namespace SpanMetrics.Oracle;

/// <summary>What was decided, why, and how grave it is. Rules from the top: the first that fits decides.</summary>
internal static class PlainOutcomes
{
    private const int Error = 2;

    public static (string Outcome, string Reason, string Tier) Of(PlainSpan span, string spanClass, string tool) => spanClass switch
    {
        "decision" => OfDecision(span),
        "gateway" => OfGateway(span),
        "tool" => (OfTool(span, tool), "none", "none"),
        _ => ("none", "none", "none"),
    };

    /// <summary>The label <c>status</c>.</summary>
    public static string StatusOf(PlainSpan span, string spanClass)
    {
        // Kagent turns a provider's error into an answer: all spans of ADK 1.x stay UNSET.
        bool isHidden = (spanClass == "llm" && PlainText.MemberOf(PlainText.ObjectOf(span.Text("gcp.vertex.agent.llm_response")), "error_code") != "")
            || (spanClass == "mcp_server" && span.Attributes["mcp.result.is_error"].Flag == true);
        return isHidden || span.Status == Error ? "error" : span.Status == 1 ? "ok" : "unset";
    }

    private static (string Outcome, string Reason, string Tier) OfDecision(PlainSpan span)
    {
        bool engineAway = span.StatusMessage.Is("OPA unreachable*");
        bool badToken = span.StatusMessage.Is("Invalid session token");
        bool? allow = span.Attributes["kitelogik.policy.allow"].Flag;

        // A deny beats a hold, a hold beats an allow; with the engine away or the token bad the gate denies without a word of its own.
        string outcome = span.Attributes["kitelogik.policy.deny"].Flag == true ? "deny"
            : span.Attributes["kitelogik.policy.requires_hitl"].Flag == true ? "hitl"
            : allow == true ? "allow"
            : allow == false || engineAway || badToken ? "deny"
            : span.Status == Error ? "error"
            : "none";
        string reason = outcome switch
        {
            "deny" => badToken ? "credential" : engineAway ? "engine_unavailable" : "policy",
            "hitl" => "approval",
            "error" => "other",
            _ => "none",
        };
        return (outcome, reason, span.Text("kitelogik.policy.risk_tier").OrElse(engineAway || badToken ? "SECURITY_CRITICAL" : "none"));
    }

    private static (string Outcome, string Reason, string Tier) OfGateway(PlainSpan span)
    {
        (string outcome, string reason) = GatewayRule(span);
        bool isUpstream = span.Has("endpoint") || span.Has("mcp.error.code") || span.Is("a2a.response.outcome", "error")
            || span.Is("reason", "UpstreamFailure", "Timeout", "NoHealthyBackend");
        return (outcome, outcome == "error" ? isUpstream ? "upstream" : "other" : reason, "none");
    }

    /// <summary>The reason of an error is another matter.</summary>
    private static (string Outcome, string Reason) GatewayRule(PlainSpan span)
    {
        string reason = span.Text("reason");
        string error = span.Text("error");
        int? status = PlainText.Number(span.Text("http.status"));
        switch (PlainText.Lower(reason))
        {
            case "authorization" or "extauth":
                return ("deny", "authorization");
            case "jwtauth" or "apikeyauth" or "basicauth":
                return ("deny", "authentication");
            case "oidc" when status is null or < 500:
                return ("deny", "authentication");
            case "guardrail":
                return ("deny", "guardrail");
            case "ratelimit":
                return error.Is("rate limit failed*") || span.StatusMessage.Is("rate limit failed*") ? ("error", "") : ("rate_limited", "rate_limit");
            case "directresponse":
                return OwnAnswer(status) ?? (status >= 500 ? ("error", "") : ("allow", "none"));
        }

        if (reason.Is("MCP", "") && (IsMcpPolicy(error) || IsMcpPolicy(span.StatusMessage)))
        {
            return ("deny", "mcp_policy");
        }

        if (reason == "")
        {
            if (error.Is("authorization failed", "external authorization failed"))
            {
                return ("deny", "authorization");
            }

            if (error.Is("*authentication failure:*"))
            {
                return ("deny", "authentication");
            }

            if (error.Is("rate limit exceeded"))
            {
                return ("rate_limited", "rate_limit");
            }

            if (!span.Has("endpoint") && !span.Is("protocol", "mcp") && OwnAnswer(status) is (string, string) answer)
            {
                return answer;
            }
        }

        if (span.Is("a2a.task.state", "input-required", "auth-required", "TASK_STATE_INPUT_REQUIRED", "TASK_STATE_AUTH_REQUIRED"))
        {
            return ("hitl", "approval");
        }

        if (span.Is("a2a.task.state", "rejected", "TASK_STATE_REJECTED"))
        {
            return ("deny", "other");
        }

        bool failed = reason != "" || status >= 400 || span.Has("mcp.error.code") || span.Is("a2a.response.outcome", "error")
            || (!span.Has("http.status") && !span.Has("grpc.status"));
        return failed ? ("error", "") : ("allow", "none");
    }

    private static (string, string)? OwnAnswer(int? status) => status switch
    {
        401 or 407 => ("deny", "authentication"),
        403 => ("deny", "authorization"),
        429 => ("rate_limited", "rate_limit"),
        _ => null,
    };

    private static bool IsMcpPolicy(string text)
    {
        string message = text.StartsWith('"') ? text[1..] : text;
        return message.Is("mcp: Unknown tool: *", "mcp: Unknown prompt: *", "mcp: Unknown resource: *", "mcp: Unknown task: *", "mcp: mcpGuardrails rejected: *");
    }

    private static string OfTool(PlainSpan span, string tool)
    {
        Dictionary<string, JsonElement>? answer = null;
        if (span.ScopeName.Is("gcp.vertex.agent"))
        {
            answer = PlainText.ObjectOf(span.Text("gcp.vertex.agent.tool_response").OrElse(span.Text("gen_ai.tool.call.result")));
            if (OfAnswer(answer, span.StatusMessage, tool) is string human)
            {
                return human;
            }
        }

        if (IsDeferred(span, "ApprovalRequired"))
        {
            return "hitl";
        }

        if (IsDeferred(span, "CallDeferred"))
        {
            return "none";
        }

        if (span.Name.Is("kitelogik.adapter.tool_call") && span.Attributes["kitelogik.allowed"].Flag.HasValue)
        {
            return "none"; // the gate's span inside says what was decided
        }

        bool failed = span.Status == Error
            || span.Has("error.type")
            || span.Attributes["mcp.result.is_error"].Flag == true
            || span.Is("langfuse.observation.level", "ERROR")
            || (answer is not null && answer.TryGetValue("isError", out JsonElement isError) && isError.ValueKind == JsonValueKind.True);
        return failed ? "error" : "none";
    }

    // Older releases name the exception on an event, which nobody reads, and in the status message.
    private static bool IsDeferred(PlainSpan span, string exception) => span.Is("pydantic_ai.tool.deferral.name", exception)
        || span.Is("exception.type", "*." + exception)
        || (span.ScopeName.Is("pydantic-ai") && span.StatusMessage.Is(exception + ":*"));

    /// <summary>What a person said of a call, which ADK gives as the tool's whole answer.</summary>
    private static string? OfAnswer(Dictionary<string, JsonElement>? answer, string statusMessage, string tool)
    {
        string held = $"error tool \"{tool}\" requires confirmation, please approve or reject";
        string rejected = $"error tool \"{tool}\" call is rejected";
        if (answer?.Count == 2 && PlainText.MemberOf(answer, "status").Is("confirmation_requested") && IsText(answer, "tool")
            && PlainText.Same(PlainText.MemberOf(answer, "tool"), tool))
        {
            return "hitl";
        }

        if (answer?.Count == 1 && IsText(answer, "error"))
        {
            string error = PlainText.MemberOf(answer, "error");
            if (error.Is("This tool call requires confirmation, please approve or reject.") || PlainText.Same(error, held))
            {
                return "hitl";
            }

            if (error.Is("This tool call is rejected.") || PlainText.Same(error, rejected))
            {
                return "deny";
            }
        }

        if (answer?.Count == 1 && IsText(answer, "result")
            && PlainText.MemberOf(answer, "result").Is("Tool call was rejected by user.", "Tool call was rejected by user. Reason: *"))
        {
            return "deny";
        }

        return PlainText.Same(statusMessage, held) ? "hitl" : PlainText.Same(statusMessage, rejected) ? "deny" : null;
    }

    private static bool IsText(Dictionary<string, JsonElement> members, string name) =>
        members.TryGetValue(name, out JsonElement value) && value.ValueKind == JsonValueKind.String;
}
