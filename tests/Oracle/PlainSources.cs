namespace SpanMetrics.Oracle;

/// <summary>The label <c>source</c>: who wrote a span or a log record.</summary>
internal static class PlainSources
{
    /// <param name="item">A span or a log record.</param>
    /// <param name="spanClass">Empty for a log record.</param>
    public static string Of(PlainItem item, string spanClass)
    {
        string scope = item.ScopeName;
        return scope.Is("kitelogik.*") ? "kitelogik"
            : scope.Is("agentgateway") || (scope.Is("request") && item.Has("gateway")) || spanClass == "gateway" ? "agentgateway"
            : scope.Is("gcp.vertex.agent", "kagent*") ? "kagent"
            : scope.Is("kaos.*") ? "kaos"
            : scope.Is("litellm") ? "litellm"
            : scope.Is("pydantic-ai") ? "pydantic_ai"
            : scope.Is("openinference.*") ? "openinference"
            : scope.Is("langfuse*") ? "langfuse"
            : scope.Is("ai") ? "vercel"
            : scope.Is("langsmith*") ? "langsmith"
            : scope.Is("traceloop*") ? "openllmetry"
            : scope.Is("opentelemetry.instrumentation.*") && !scope.Is("*_v2") && item.Attributes.HasAny("gen_ai.", "llm.", "traceloop.") ? "openllmetry"
            : item.Has("mcp.method.name") || scope.Is("mcp-python-sdk", "*ModelContextProtocol") ? "mcp"
            : item.Attributes.HasAny("gen_ai.") ? "genai"
            : "other";
    }
}
