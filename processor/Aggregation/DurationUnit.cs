namespace SpanMetrics.Aggregation;

/// <summary>What a histogram's bounds and sums are in.</summary>
internal enum DurationUnit
{
    Seconds,
    Milliseconds,
}
