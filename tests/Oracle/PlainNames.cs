using System.Text.Json;

namespace SpanMetrics.Oracle;

/// <summary>Names that a span gives: its attributes from the first to the last source, then its resource, then its own name. "" where none does.</summary>
internal static class PlainNames
{
    public static string ToolOf(PlainSpan span, string spanClass)
    {
        if (spanClass is not ("decision" or "gateway" or "mcp_server" or "tool"))
        {
            return "";
        }

        string attribute = First(
            span.First("kitelogik.tool_name", "kitelogik.tool.name", "gen_ai.tool.name", "mcp.tool.name", "tool.name", "mcp.tool"),
            span.Is("mcp.resource.type", "tool") ? span.First("mcp.resource.name") : "",
            span.First("ai.toolCall.name"),
            span.Is("traceloop.span.kind", "tool") ? span.First("traceloop.entity.name") : "",
            spanClass == "decision" && (span.Is("kitelogik.event_type", "tool_call") || span.Name.Is("policy_gate.evaluate")) ? span.First("kitelogik.action") : "");
        bool isNamedAfterTool = span.Is("openinference.span.kind", "TOOL") || span.Is("langfuse.observation.type", "tool") || span.Is("langsmith.span.kind", "tool");
        string tool = First(
            attribute,
            span.Name.Part(@"^execute_tool (.+)\z"),
            span.Name.Part(@"^(?:MCP send )?tools/call (.+)\z"),
            isNamedAfterTool ? span.Name.Part(@"^(.+)\z") : "",
            PlainClasses.IsLogfireAgents(span, "Function: *") ? span.First("name") : "",
            span.Name.Part(@"^mcp\.tool\.(.+)\z"),
            span.Name.Part(@"^tool\.(.+)\z"),
            span.Name.Part(@"^(.+)\.tool\z"),
            span.Name.Part(@"^tool_call \[(.+)\]\z"));
        return tool;
    }

    public static string AgentOf(PlainSpan span) => First(
        span.First("gen_ai.agent.name", "agent.name", "kagent.app_name", "ai.telemetry.functionId"),
        span.Is("traceloop.span.kind", "agent") ? span.First("traceloop.entity.name") : "",
        span.First("agent_name"),
        span.Is("openinference.span.kind", "AGENT") ? span.First("graph.node.id") : "",
        PlainClasses.IsLogfireAgents(span, "Agent run: *") ? span.First("name") : "",
        PlainText.IsThere(span.Resource["kaos.resource.name"].Text) ? span.Resource["kaos.resource.name"].Text : "",
        span.Name.Part(@"^invoke_agent (.+)\z"),
        span.Name.Part(@"^(.+)\.agent\z"),
        span.Name.Part(@"^agent_run \[(.+)\]\z"),
        span.Is("langfuse.observation.type", "agent") ? span.Name.Part(@"^(.+)\z") : "");

    public static string ModelOf(PlainSpan span, string spanClass)
    {
        if (spanClass is "agent" or "delegation")
        {
            return "";
        }

        string model = First(
            span.First(
                "gen_ai.request.model", "llm.request.model", "llm.request.model_name", "llm.model_name", "ai.model.id", "langfuse.observation.model.name",
                "embedding.model_name", "model_name", "langsmith.metadata.ls_model_name", "gen_ai.response.model", "llm.response.model"),
            span.Name.Part(@"^(?:chat|generate_content|text_completion|embeddings) (.+)\z"));
        return model.StartsWith("models/", StringComparison.Ordinal) ? model["models/".Length..] : model;
    }

    public static string ProviderOf(PlainItem item, string name, string model)
    {
        string[] keys = ["gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system", "ai.model.provider", "langsmith.metadata.ls_provider"];
        bool isAdk = item.ScopeName.Is("gcp.vertex.agent");
        return First([.. keys.Take(isAdk ? 2 : keys.Length).Select(key => PlainText.IsThere(item.Text(key)) ? Alias(PlainText.Lower(item.Text(key))) : "")]);

        string Alias(string provider) => provider switch
        {
            // ADK says so of every model.
            "gemini" or "vertex_ai" or "gcp.gemini" or "gcp.vertex_ai" when isAdk && !model.Is("gemini*") => "",
            "gcp.vertex.agent" or "openai_agents" or "langchain" or "crewai" => "",
            "gemini" => "gcp.gemini",
            "google" when name.Is("gemini.*") => "gcp.gemini",
            "google" or "vertex_ai" or "vertexai" => "gcp.vertex_ai",
            "az.ai.openai" or "azure" or "azure_openai" => "azure.ai.openai",
            "az.ai.inference" => "azure.ai.inference",
            "bedrock" or "amazon" or "aws" or "amazon-bedrock" => "aws.bedrock",
            "xai" => "x_ai",
            "mistral" or "mistralai" => "mistral_ai",
            "watsonx" => "ibm.watsonx.ai",
            "openai.chat" or "openai.responses" => "openai",
            "anthropic.messages" => "anthropic",
            "anthropicllmclient" => "anthropic",
            "openaiclient" => "openai",
            "googleclient" => "gcp.gemini",
            _ when provider.Is("*client") => "",
            _ => provider,
        };
    }

    public static string OperationOf(PlainSpan span, string source)
    {
        string operation = span.First(
            "gen_ai.operation.name", "openinference.span.kind", "traceloop.span.kind", "llm.request.type", "ai.operationId", "langfuse.observation.type",
            "langsmith.span.kind", "mcp.method.name", "mcp.method", "a2a.method");
        return PlainText.Lower(operation) switch
        {
            "completion" or "acompletion" or "responses" or "aresponses" when source == "litellm" => "chat",
            "embedding" or "aembedding" when source == "litellm" => "embeddings",
            { } path when source == "litellm" && path.Is("*/chat/completions") => "chat",
            "atext_completion" when source == "litellm" => "text_completion",
            "llm" or "generation" => "chat",
            "embedding" => "embeddings",
            "tool" or "tools/call" or "ai.toolcall" => "execute_tool",
            { } ai when ai.Is("*.doGenerate", "*.doStream") => "chat",
            "agent" => "invoke_agent",
            "workflow" => "invoke_workflow",
            "completion" => "text_completion",
            _ => operation,
        };
    }

    /// <summary>To whom a delegation goes.</summary>
    public static string TargetOf(PlainSpan span, string tool)
    {
        string ofTool = "";
        if (tool.Is("transfer_to_agent"))
        {
            ofTool = First(AgentIn("gcp.vertex.agent.tool_call_args"), AgentIn("gen_ai.tool.call.arguments"));
        }
        else if (PlainClasses.Delegates(span, tool))
        {
            ofTool = First(tool.Part("__NS__(.+)\\z"), tool);
        }

        return First(
            span.First("agent.delegation.target", "to_agent"),
            ofTool,
            span.Name.Part(@"^delegate\.(.+)\z"),
            span.Name.Part(@"^handoff to (.+)\z"),
            span.Name.Part(@"^.+ → (.+)\.handoff\z"));

        string AgentIn(string key)
        {
            Dictionary<string, JsonElement>? arguments = PlainText.ObjectOf(span.Text(key));
            return PlainText.MemberOf(arguments, "agent_name");
        }
    }

    public static string EventOf(PlainSpan span, string spanClass, string tool) => spanClass switch
    {
        "decision" => span.First("kitelogik.event_type").OrElse("tool_call"),
        "gateway" => span.First("kitelogik.event_type").OrElse(tool == "" ? "" : "tool_call"),
        _ => "",
    };

    private static string First(params ReadOnlySpan<string> texts)
    {
        foreach (string text in texts)
        {
            if (PlainText.IsThere(text))
            {
                return text;
            }
        }

        return "";
    }
}
