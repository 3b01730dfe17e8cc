namespace SpanMetrics.Aggregation;

/// <summary>Series that nothing was added to since may go; as in <see cref="Moment.Seconds"/>.</summary>
internal readonly record struct IdleSince(uint Before, uint DeniedBefore);
