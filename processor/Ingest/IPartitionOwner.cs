using Confluent.Kafka;

namespace SpanMetrics.Ingest;

/// <summary>Is told by its source which partitions it has. Called on the consuming thread, between records.</summary>
internal interface IPartitionOwner
{
    void Assigned(KafkaSource source, IReadOnlyList<TopicPartition> partitions);

    /// <summary>The last moment at which offsets of these partitions can be stored; they are committed after the call.</summary>
    void Revoked(KafkaSource source, IReadOnlyList<TopicPartition> partitions);

    /// <summary>They may belong to another consumer already: nothing may be committed.</summary>
    void Lost(KafkaSource source, IReadOnlyList<TopicPartition> partitions);
}
