namespace SpanMetrics.Otlp;

/// <summary>A span as it lies in the record. Valid until <see cref="ISpanVisitor.Visit"/> returns.</summary>
internal ref struct SpanView(ReadOnlySpan<byte> record, SelectedAttributes attributes, SelectedAttributes resource, Slice scopeName, ulong scopeNumber)
{
    private readonly ReadOnlySpan<byte> _record = record;
    private readonly SelectedAttributes _attributes = attributes;
    private readonly SelectedAttributes _resource = resource;
    private readonly Slice _scopeName = scopeName;

    // Places rather than bytes, filled in as the decoder meets them: most are never asked for.
    internal Slice TraceIdAt, SpanIdAt, TraceStateAt, ParentSpanIdAt, NameAt, StatusMessageAt;
    internal ulong KindNumber, StatusNumber;

    /// <summary>Of the span as it lies in the record.</summary>
    public int Bytes { readonly get; internal set; }

    public readonly ReadOnlySpan<byte> TraceId => TraceIdAt.Of(_record);

    public readonly ReadOnlySpan<byte> SpanId => SpanIdAt.Of(_record);

    /// <summary>Empty for the root of a trace.</summary>
    public readonly ReadOnlySpan<byte> ParentSpanId => ParentSpanIdAt.Of(_record);

    public readonly ReadOnlySpan<byte> TraceState => TraceStateAt.Of(_record);

    public readonly ReadOnlySpan<byte> Name => NameAt.Of(_record);

    public readonly Excerpt NameExcerpt => Excerpt.Of(_record, NameAt);

    public readonly Excerpt StatusMessageExcerpt => Excerpt.Of(_record, StatusMessageAt);

    public readonly Excerpt ScopeNameExcerpt => Excerpt.Of(_record, _scopeName);

    public readonly ReadOnlySpan<byte> ScopeName => _scopeName.Of(_record);

    /// <summary>Changes from scope to scope and from resource to resource, over all records: what is known of both holds until then.</summary>
    public ulong ScopeNumber { get; } = scopeNumber;

    public readonly ReadOnlySpan<byte> StatusMessage => StatusMessageAt.Of(_record);

    // An enum is the low 32 bits of its varint.
    public readonly SpanKind Kind => (uint)KindNumber <= (uint)SpanKind.Consumer ? (SpanKind)KindNumber : SpanKind.Unspecified;

    public readonly SpanStatus Status => (uint)StatusNumber <= (uint)SpanStatus.Error ? (SpanStatus)StatusNumber : SpanStatus.Unset;

    public ulong StartUnixNano { readonly get; internal set; }

    public ulong EndUnixNano { readonly get; internal set; }

    public readonly AttributeSlots Attributes => new(_record, _attributes);

    public readonly AttributeSlots Resource => new(_record, _resource);

    /// <summary>A span without both times says nothing of how long it took.</summary>
    public readonly bool HasDuration => StartUnixNano != 0 && EndUnixNano != 0;

    // Clocks differ between hosts: an end before its start counts as a zero-length span.
    public readonly ulong DurationNanos => EndUnixNano > StartUnixNano ? EndUnixNano - StartUnixNano : 0;
}
