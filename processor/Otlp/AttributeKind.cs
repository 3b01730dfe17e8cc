namespace SpanMetrics.Otlp;

/// <summary>The arms of <c>AnyValue.value</c> that a label can come from; the others are <see cref="Other"/>.</summary>
internal enum AttributeKind
{
    Missing,
    String,
    Bool,
    Int,
    Double,
    Other,
}
