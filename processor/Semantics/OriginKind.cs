namespace SpanMetrics.Semantics;

internal enum OriginKind : byte
{
    /// <summary>Nothing in the span says it: the value is what metrics.md gives for its absence.</summary>
    Default,
    Attribute,
    Resource,
    SpanName,
    SpanKind,
    StatusMessage,
    Status,
    Scope,
}
