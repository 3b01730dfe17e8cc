using Confluent.Kafka;

namespace SpanMetrics.Ingest;

/// <summary>Where a record lay that went to the sink.</summary>
/// <param name="Time">When its producer made it, or the broker appended it, as the topic says; null for records without.</param>
internal readonly record struct ReadRecord(TopicPartitionOffset At, DateTimeOffset? Time);
