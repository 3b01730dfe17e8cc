namespace SpanMetrics.Aggregation;

/// <summary>Whose names and labels the metrics of all spans have.</summary>
internal enum Profile
{
    /// <summary>The project's own.</summary>
    Default,

    /// <summary>Those of the OpenTelemetry Collector's span_metrics connector and its Prometheus exporter.</summary>
    Collector,

    /// <summary>Those of Grafana Tempo's metrics generator.</summary>
    Tempo,
}
