using System.ComponentModel.DataAnnotations;

namespace SpanMetrics.Ingest;

/// <summary>The section <c>kafka</c>.</summary>
internal sealed class KafkaOptions
{
    /// <summary>Brokers to ask first, as <c>host:port</c> with commas.</summary>
    [Required]
    public string BootstrapServers { get; init; } = "127.0.0.1:9092";

    /// <summary>Workers of one group share the partitions; the committed offsets are the group's.</summary>
    [Required]
    public string GroupId { get; init; } = "spanmetrics";

    /// <summary>Threads that read, each a consumer of the group with partitions of its own. More than there are partitions are spares. Default 1.</summary>
    [Range(1, 64)]
    public int Consumers { get; init; } = 1;

    public TopicOptions Topics { get; init; } = new();

    /// <summary>Any librdkafka consumer setting (security.protocol, sasl.*, fetch.*, …), passed on as it is.</summary>
    public Dictionary<string, string> Client { get; init; } = [];
}
