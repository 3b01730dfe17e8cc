using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Ingest;

namespace SpanMetrics.Configuration;

/// <summary>The configuration file: each room's section.</summary>
internal sealed class SpanMetricsOptions
{
    public KafkaOptions Kafka { get; init; } = new();

    public HttpOptions Http { get; init; } = new();

    public AggregationOptions Limits { get; init; } = new();

    /// <summary>Changes to the default views, by their name.</summary>
    public Dictionary<string, ViewOptions> Views { get; init; } = [];
}
