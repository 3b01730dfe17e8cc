namespace SpanMetrics.Semantics;

internal enum SpanPart
{
    Scope,
    Name,
    Kind,
    Status,
    Message,
    Attribute,
    Resource,
}
