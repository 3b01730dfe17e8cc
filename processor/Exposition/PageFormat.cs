namespace SpanMetrics.Exposition;

/// <summary>The text formats that a page can be printed in.</summary>
internal enum PageFormat
{
    /// <summary>Prometheus text 0.0.4.</summary>
    Text,

    /// <summary>OpenMetrics 1.0.0: counter families without <c>_total</c>, and <c># EOF</c> at the end.</summary>
    OpenMetrics,
}
