namespace SpanMetrics.Semantics;

/// <summary>How a memory of traces fares.</summary>
/// <param name="Kind">What is remembered.</param>
/// <param name="Entries">Held, old ones too.</param>
/// <param name="Limit">Entries at most.</param>
/// <param name="Hits">Questions that were answered.</param>
/// <param name="Misses">Questions that were not.</param>
/// <param name="Evictions">Entries that were forgotten for others before their time.</param>
internal readonly record struct TraceMemoryCounts(string Kind, long Entries, long Limit, long Hits, long Misses, long Evictions)
{
    public TraceMemoryCounts Plus(in TraceMemoryCounts other) =>
        new(Kind, Entries + other.Entries, Limit + other.Limit, Hits + other.Hits, Misses + other.Misses, Evictions + other.Evictions);
}
