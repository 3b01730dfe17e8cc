namespace SpanMetrics.Otlp;

/// <summary>What an OTLP record is about.</summary>
internal enum Signal
{
    Unknown,
    Traces,
    Logs,
    Metrics,
}
