namespace SpanMetrics.Semantics;

/// <summary>A part of a span that a condition looks at.</summary>
/// <param name="Part">Which part.</param>
/// <param name="Key">Of an attribute of the span or of its resource; empty for the other parts.</param>
internal readonly record struct FactInput(SpanPart Part, string Key = "")
{
    public override string ToString() => Part switch
    {
        SpanPart.Attribute => Key,
        SpanPart.Resource => $"resource.{Key}",
        _ => Part.ToString().ToLowerInvariant(),
    };
}
