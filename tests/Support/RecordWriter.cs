using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace SpanMetrics.Tests.Support;

/// <summary>Puts records on a topic, bytes as given, one after the other, each acknowledged.</summary>
internal sealed class RecordWriter : IDisposable
{
    private readonly IProducer<Null, byte[]?> _producer;
    private readonly IAdminClient _admin;

    public RecordWriter(ProducerConfig settings)
    {
        // The default handler would print what a test provokes.
        _producer = new ProducerBuilder<Null, byte[]?>(settings).SetLogHandler((_, _) => { }).SetValueSerializer(new AsIs()).Build();
        _admin = new DependentAdminClientBuilder(_producer.Handle).Build();
    }

    public static RecordWriter For(string brokers) => new(new ProducerConfig { BootstrapServers = brokers, LingerMs = 0 });

    /// <summary>The brokers as the cluster itself names them.</summary>
    public string Brokers() =>
        string.Join(",", _admin.GetMetadata(TimeSpan.FromSeconds(20)).Brokers.Select(broker => $"{broker.Host}:{broker.Port}"));

    public Task CreateTopicAsync(string topic, int partitions = 1) =>
        _admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }]);

    /// <summary>As retention does with old records.</summary>
    public Task DeleteBelowAsync(string topic, long offset, int partition = 0) => _admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, partition, offset)]);

    public async Task WriteAllAsync(string topic, IEnumerable<byte[]?> records, int partition = 0)
    {
        foreach (var record in records)
        {
            await WriteAsync(topic, record, partition);
        }
    }

    /// <summary>Returns the record's offset.</summary>
    public async Task<long> WriteAsync(string topic, byte[]? record, int partition = 0)
    {
        var report = await _producer.ProduceAsync(new TopicPartition(topic, partition), new Message<Null, byte[]?> { Value = record });
        return report.Offset.Value;
    }

    public void Dispose()
    {
        _admin.Dispose();
        _producer.Dispose();
    }

    private sealed class AsIs : ISerializer<byte[]?>
    {
        public byte[]? Serialize(byte[]? data, SerializationContext context) => data;
    }
}
