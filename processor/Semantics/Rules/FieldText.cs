namespace SpanMetrics.Semantics;

/// <summary>How fields are spelled in an emitter's file.</summary>
internal static class FieldText
{
    public const int Count = (int)Field.Cost + 1;

    /// <summary>Fields whose value is a text.</summary>
    public const int Texts = (int)Field.Event + 1;

    public static readonly string[] Names =
    [
        "agent", "tool", "model", "provider", "operation", "target", "event", "risk_tier", "modified", "conversation",
        "tokens.input", "tokens.output", "tokens.cache_read", "tokens.cache_creation", "tokens.reasoning", "cost",
    ];

    public static Dimension DimensionOf(Field text) => text - Field.Agent + Dimension.Agent;
}
