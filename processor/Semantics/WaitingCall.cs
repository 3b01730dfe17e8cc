namespace SpanMetrics.Semantics;

/// <summary>What a span that waits for the one around it says, beside what is remembered of every call.</summary>
internal struct WaitingCall
{
    public Usage Usage;
    public long DurationNanos;
}
