namespace SpanMetrics.Aggregation;

/// <summary>One state of the page.</summary>
/// <param name="Snapshot">Its number, from 1 on.</param>
/// <param name="Seconds">When it was made, since the page began.</param>
internal readonly record struct Moment(int Snapshot, uint Seconds);
