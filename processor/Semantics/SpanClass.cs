namespace SpanMetrics.Semantics;

/// <summary>What a span is. Every span has one class and moves the counters of that class alone.</summary>
internal enum SpanClass : byte
{
    Other,

    /// <summary>A policy decision on a tool call or another governance event.</summary>
    Decision,

    /// <summary>A tool call that ran, or was about to.</summary>
    Tool,

    /// <summary>A call of a language model.</summary>
    Llm,

    /// <summary>One run of an agent.</summary>
    Agent,

    /// <summary>A check of a tool's answer.</summary>
    Sanitizer,

    /// <summary>A step inside a span that is counted already.</summary>
    Step,
}
