namespace SpanMetrics.Generator;

/// <summary>An encoded span that waits for its batch. Offsets are into the generator's own buffer.</summary>
/// <param name="Group">Service and scope: what it must be written under.</param>
/// <param name="Decision">The decision it shows, counted when the span is written.</param>
internal readonly record struct PendingSpan(int Group, int Offset, int Length, Decision? Decision);
