namespace SpanMetrics.Semantics;

/// <summary>Where a dimension's value was found; what <c>explain</c> prints.</summary>
internal readonly record struct Origin(OriginKind Kind, short Slot = 0)
{
    public override string ToString() => Kind switch
    {
        OriginKind.Attribute => $"attribute {Keys.Selector.NameOf(Slot)}",
        OriginKind.Resource => $"resource {Keys.Selector.NameOf(Slot)}",
        OriginKind.SpanName => "span name",
        OriginKind.SpanKind => "span kind",
        OriginKind.StatusMessage => "status message",
        OriginKind.Status => "span status",
        OriginKind.Scope => "scope name",
        _ => "default",
    };
}
