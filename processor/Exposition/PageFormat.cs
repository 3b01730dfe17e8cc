namespace SpanMetrics.Exposition;

/// <summary>The formats that Prometheus reads.</summary>
internal enum PageFormat
{
    /// <summary>Prometheus text 0.0.4.</summary>
    Text,

    /// <summary>OpenMetrics 1.0.0: counter families without <c>_total</c>, and <c># EOF</c> at the end.</summary>
    OpenMetrics,

    /// <summary>Messages <c>io.prometheus.client.MetricFamily</c>, each with its length before it.</summary>
    Protobuf,
}
