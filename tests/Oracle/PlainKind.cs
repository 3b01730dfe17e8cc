namespace SpanMetrics.Oracle;

/// <summary>The arms of an attribute's value.</summary>
internal enum PlainKind
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
