namespace SpanMetrics.Otlp;

/// <summary>A log record as it lies in the OTLP record. Valid until <see cref="ILogRecordVisitor.Visit"/> returns.</summary>
internal readonly ref struct LogRecordView
{
    public required ReadOnlySpan<byte> TraceId { get; init; }

    public required ReadOnlySpan<byte> SpanId { get; init; }

    /// <summary>The field of that name; older emitters have an attribute <c>event.name</c> instead.</summary>
    public required ReadOnlySpan<byte> EventName { get; init; }

    public required ReadOnlySpan<byte> ScopeName { get; init; }

    public required ReadOnlySpan<byte> SeverityText { get; init; }

    /// <summary>1 (trace) to 24 (fatal); 0 for none and for numbers that OTLP does not have.</summary>
    public required int SeverityNumber { get; init; }

    /// <summary>When it happened; 0 where the emitter does not know.</summary>
    public required ulong TimeUnixNano { get; init; }

    public required ulong ObservedTimeUnixNano { get; init; }

    /// <summary>What was said: prompts and answers lie here. Never for a label or a log line.</summary>
    public required AttributeValue Body { get; init; }

    public required AttributeSlots Attributes { get; init; }

    public required AttributeSlots Resource { get; init; }

    /// <summary>As rules see it: its event name is the span's name, and it has no times, no kind and no status.</summary>
    public required SpanView AsSpan { get; init; }
}
