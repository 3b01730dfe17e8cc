namespace SpanMetrics.Semantics;

/// <summary>Values that say that there is none.</summary>
internal static class Missing
{
    /// <summary>The text, or nothing where it says that there is none: agentgateway, google-adk and LiteLLM write these.</summary>
    public static ReadOnlySpan<byte> Or(ReadOnlySpan<byte> text) => text.Length switch
    {
        7 when text.SequenceEqual("Unknown"u8) => default,
        8 when text.SequenceEqual("<elided>"u8) => default,
        15 when text.SequenceEqual("<not specified>"u8) => default,
        _ => text,
    };
}
