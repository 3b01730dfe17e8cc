namespace SpanMetrics.Semantics;

/// <summary>What was decided, whatever the span's status says: emitters set ERROR, UNSET and OK on denials alike.</summary>
internal enum Outcome : byte
{
    None,
    Allow,
    Deny,

    /// <summary>Held for a human. Never a deny: nobody has said no.</summary>
    Hitl,
    RateLimited,
    Error,
}
