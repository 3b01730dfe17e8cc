using System.Text.Json;
using Confluent.Kafka;

namespace SpanMetrics.Ingest;

/// <summary>
/// What librdkafka's statistics say of when the leaders of partitions were heard last: a quiet partition is told from an absent broker by
/// this alone. Their format is in librdkafka's STATISTICS.md.
/// </summary>
internal sealed class KafkaStatistics
{
    private readonly Dictionary<TopicPartition, DateTimeOffset> _heard = [];

    /// <summary>When the broker that leads the partition answered last, while records are being fetched from it; null where that is unknown.</summary>
    public DateTimeOffset? Heard(TopicPartition partition) => _heard.TryGetValue(partition, out DateTimeOffset at) ? at : null;

    /// <param name="json">As of <paramref name="now"/>.</param>
    /// <param name="now">By the clock of this host.</param>
    public void Take(string json, DateTimeOffset now)
    {
        using var document = JsonDocument.Parse(json);
        var idle = new Dictionary<int, TimeSpan>();
        foreach (JsonProperty broker in document.RootElement.GetProperty("brokers").EnumerateObject())
        {
            if (broker.Value.GetProperty("state").ValueEquals("UP"))
            {
                idle[broker.Value.GetProperty("nodeid").GetInt32()] = TimeSpan.FromMicroseconds(broker.Value.GetProperty("rxidle").GetInt64());
            }
        }

        // Those that are not heard now were heard when they were.
        foreach (JsonProperty topic in document.RootElement.GetProperty("topics").EnumerateObject())
        {
            foreach (JsonProperty partition in topic.Value.GetProperty("partitions").EnumerateObject())
            {
                if (partition.Value.GetProperty("fetch_state").ValueEquals("active") && idle.TryGetValue(partition.Value.GetProperty("leader").GetInt32(), out TimeSpan silent))
                {
                    _heard[new TopicPartition(topic.Name, partition.Value.GetProperty("partition").GetInt32())] = now - silent;
                }
            }
        }
    }

    /// <summary>Another consumer's, from now on.</summary>
    public void Forget(TopicPartition partition) => _heard.Remove(partition);
}
