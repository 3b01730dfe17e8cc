namespace SpanMetrics.Semantics;

/// <summary>A span of a call that was counted, or waits to be.</summary>
internal struct RememberedCall
{
    public ulong ParentId;

    /// <summary>With the labels that the call was counted with; of one that waits, the span itself.</summary>
    public ClassifiedSpan Call;

    /// <summary>What was counted so far.</summary>
    public Usage Usage;

    /// <summary>A bit for each dimension whose value is only a default.</summary>
    public uint Weak;

    public SpanClass Class;
    public bool HasMcpMethod;

    /// <summary>Nothing in it took the time of the model alone.</summary>
    public bool IsTurn;

    /// <summary>It waits for the span around it: by itself it is never counted.</summary>
    public bool Waits;
}
