namespace SpanMetrics.Otlp;

/// <summary>A span as it lies in the record. Valid until <see cref="ISpanVisitor.Visit"/> returns.</summary>
internal readonly ref struct SpanView
{
    public required ReadOnlySpan<byte> TraceId { get; init; }

    public required ReadOnlySpan<byte> SpanId { get; init; }

    public required ReadOnlySpan<byte> Name { get; init; }

    public required ReadOnlySpan<byte> ScopeName { get; init; }

    public required ReadOnlySpan<byte> StatusMessage { get; init; }

    public required SpanKind Kind { get; init; }

    public required SpanStatus Status { get; init; }

    public required ulong StartUnixNano { get; init; }

    public required ulong EndUnixNano { get; init; }

    public required AttributeSlots Attributes { get; init; }

    public required AttributeSlots Resource { get; init; }

    /// <summary>A span without both times says nothing of how long it took.</summary>
    public bool HasDuration => StartUnixNano != 0 && EndUnixNano != 0;

    // Clocks differ between hosts: an end before its start counts as a zero-length span.
    public ulong DurationNanos => EndUnixNano > StartUnixNano ? EndUnixNano - StartUnixNano : 0;
}
