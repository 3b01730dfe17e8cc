namespace SpanMetrics.Semantics;

internal enum OriginKind : byte
{
    /// <summary>Nothing in the span says it: the value is none or unknown.</summary>
    Default,
    Attribute,
    Resource,
    SpanName,
    SpanKind,
    StatusMessage,
    Status,
    Scope,
}
