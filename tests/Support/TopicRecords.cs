using System.Text;
using Confluent.Kafka;

namespace SpanMetrics.Tests.Support;

/// <summary>What lies on a topic, read from its beginning to its end as it is now.</summary>
internal static class TopicRecords
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static IReadOnlyList<(int Partition, string Key, byte[] Value)> Read(string brokers, string topic, int partitions)
    {
        var config = new ConsumerConfig { BootstrapServers = brokers, GroupId = "nobody", EnableAutoCommit = false };
        using var consumer = new ConsumerBuilder<byte[]?, byte[]>(config).SetLogHandler((_, _) => { }).Build();
        TopicPartition[] all = [.. Enumerable.Range(0, partitions).Select(partition => new TopicPartition(topic, partition))];
        var left = all.Sum(partition => consumer.QueryWatermarkOffsets(partition, Patience).High.Value);
        consumer.Assign(all.Select(partition => new TopicPartitionOffset(partition, Offset.Beginning)));
        var records = new List<(int, string, byte[])>();
        for (; left > 0; left--)
        {
            var read = consumer.Consume(Patience) ?? throw new TimeoutException($"{topic}: {left} records did not come");
            records.Add((read.Partition.Value, Encoding.ASCII.GetString(read.Message.Key ?? []), read.Message.Value));
        }
        return records;
    }
}
