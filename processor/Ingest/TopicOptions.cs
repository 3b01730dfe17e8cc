using System.ComponentModel.DataAnnotations;

namespace SpanMetrics.Ingest;

/// <summary>Which topics carry which signal.</summary>
internal sealed class TopicOptions
{
    /// <summary>Topics of OTLP traces as a collector's Kafka exporter writes them (<c>otlp_proto</c>).</summary>
    [MinLength(1)]
    public List<string> Traces { get; init; } = ["otlp_spans"];
}
