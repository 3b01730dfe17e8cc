namespace SpanMetrics.Otlp;

/// <summary>The arms of <c>AnyValue.value</c>.</summary>
internal enum AttributeKind
{
    Missing,
    String,
    Bool,
    Int,
    Double,
    Array,
    Map,
    Bytes,
}
