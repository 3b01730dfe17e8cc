namespace SpanMetrics.Pipeline;

/// <summary>How far a worker is in one of its partitions, at a handover.</summary>
/// <param name="Lag">Records between what is counted and the partition's end as of the last fetch; null before the first.</param>
/// <param name="AsOf">When the worker looked, unix time in seconds.</param>
/// <param name="CompleteUntil">What Kafka was given before is counted, unix time in seconds; before the partition's first record, when it was assigned.</param>
internal readonly record struct PartitionPosition(string Topic, int Partition, long? Lag, double AsOf, double CompleteUntil);
