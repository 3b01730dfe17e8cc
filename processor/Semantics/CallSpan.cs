namespace SpanMetrics.Semantics;

/// <summary>What the trace context must know of a span that decides, or is a call.</summary>
internal struct CallSpan
{
    /// <summary>Its index among the record's spans.</summary>
    public int Span;

    public SpanPlan Plan;
    public TraceIds Ids;

    /// <summary>See <see cref="TraceIds"/>; 0 for none.</summary>
    public ulong Conversation;

    public ulong StartUnixNano;
    public ulong EndUnixNano;
    public Usage Usage;

    /// <summary>A bit for each dimension whose value is only a default: another span of the call may know better.</summary>
    public uint Weak;
}
