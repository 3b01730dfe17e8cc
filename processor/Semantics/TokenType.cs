namespace SpanMetrics.Semantics;

/// <summary>What tokens were used for. Cached and reasoning tokens are parts of input and output, never added to them.</summary>
internal enum TokenType : byte
{
    Input,
    Output,
    CacheRead,
    CacheCreation,
    Reasoning,
}
