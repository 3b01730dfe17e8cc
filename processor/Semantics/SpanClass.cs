namespace SpanMetrics.Semantics;

/// <summary>What a span is. Every span has one class. The order is the one in which classes are tried: the first that fits counts.</summary>
internal enum SpanClass : byte
{
    /// <summary>A policy decision on a tool call or another governance event.</summary>
    Decision,

    /// <summary>A step inside a span that is counted already, or an envelope around one.</summary>
    Ignored,

    /// <summary>A check of a tool's answer.</summary>
    Sanitizer,

    /// <summary>One request through a gateway, which let it pass or did not.</summary>
    Gateway,

    /// <summary>A call as the MCP server sees it, beside the client's own span.</summary>
    McpServer,

    /// <summary>An agent that hands over to another.</summary>
    Delegation,

    /// <summary>A tool call that ran, or was about to.</summary>
    Tool,

    /// <summary>A call of a language model.</summary>
    Llm,

    /// <summary>One run of an agent.</summary>
    Agent,

    /// <summary>None of these.</summary>
    Other,
}
