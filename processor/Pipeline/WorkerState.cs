namespace SpanMetrics.Pipeline;

/// <summary>Where a worker is in its life; ready only in <see cref="Consuming"/>.</summary>
internal enum WorkerState
{
    /// <summary>No partition was assigned yet: the broker is away, the topic does not exist, or the group is rebalancing.</summary>
    Joining,
    Consuming,
    Draining,
}
