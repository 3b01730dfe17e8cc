namespace SpanMetrics.Semantics;

/// <summary>What a span adds to; a view counts one of these. The first ones are those of <see cref="SpanClass"/>, in its order.</summary>
[Flags]
internal enum CountedAs : uint
{
    Nothing = 0,

    /// <summary>Gateway requests are decisions too.</summary>
    Decision = 1u << SpanClass.Decision,
    Ignored = 1u << SpanClass.Ignored,
    Sanitizer = 1u << SpanClass.Sanitizer,
    Gateway = 1u << SpanClass.Gateway,
    McpServer = 1u << SpanClass.McpServer,

    /// <summary>Delegating tools too.</summary>
    Delegation = 1u << SpanClass.Delegation,

    /// <summary>A call counts once, however many spans show it.</summary>
    Tool = 1u << SpanClass.Tool,

    /// <summary>Gateway requests that name a model too. A call counts once, however many spans show it.</summary>
    Llm = 1u << SpanClass.Llm,
    Agent = 1u << SpanClass.Agent,
    Other = 1u << SpanClass.Other,

    /// <summary>Every span.</summary>
    Span = 1u << 16,

    /// <summary>A tool call that nothing decided on.</summary>
    UngatedTool = 1u << 17,

    /// <summary>Tokens of one type, as many as the weight says.</summary>
    Tokens = 1u << 18,

    /// <summary>US dollars, as many as the weight says.</summary>
    Cost = 1u << 19,

    /// <summary>A log record with an event's name.</summary>
    LogEvent = 1u << 20,

    /// <summary>Bytes of every span as protobuf, as many as the weight says.</summary>
    SpanBytes = 1u << 21,
}
