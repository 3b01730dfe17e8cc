namespace SpanMetrics.Semantics;

/// <summary>A span of a call that was counted, or waits to be; as little of it as a later span of the call needs, for there are many.</summary>
internal struct RememberedCall
{
    /// <summary>The span's id, to be shown.</summary>
    public ulong RawSpan;

    /// <summary>Those that the call was counted with; of one that waits, the span's own.</summary>
    public ClassifiedSpan.Symbols Text;

    public int Closed;

    /// <summary>A bit for each dimension whose value is only a default.</summary>
    public uint Weak;

    /// <summary>A bit for each type of tokens, and for cost, that was counted.</summary>
    public byte Had;

    public SpanClass Class;
    public bool HasMcpMethod;

    /// <summary>It waits for the span around it: by itself it is never counted.</summary>
    public bool Waits;
}
