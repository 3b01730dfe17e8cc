namespace SpanMetrics.Ingest;

/// <summary>librdkafka gave the consumer up; only a new process helps.</summary>
internal sealed class KafkaFatalException(string reason, Exception cause) : Exception(reason, cause);
