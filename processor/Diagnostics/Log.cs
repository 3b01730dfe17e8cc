namespace SpanMetrics.Diagnostics;

/// <summary>Every message of the worker, with ids that stay: people alert on them.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "SpanMetrics {Version}, librdkafka {Librdkafka} from {LibrdkafkaPath}")]
    public static partial void Starting(ILogger logger, string version, string librdkafka, string librdkafkaPath);

    [LoggerMessage(1001, LogLevel.Warning, "Record {Topic}[{Partition}]@{Offset} {Outcome}: {Reason} ({Suppressed} such messages held back before)")]
    public static partial void BadRecord(ILogger logger, string topic, int partition, long offset, string outcome, string reason, long suppressed);

    [LoggerMessage(1002, LogLevel.Information, "Consuming {Topics} from {BootstrapServers} in group {GroupId}")]
    public static partial void Subscribing(ILogger logger, string topics, string bootstrapServers, string groupId);

    [LoggerMessage(1003, LogLevel.Information, "Assigned {Partitions}")]
    public static partial void Assigned(ILogger logger, string partitions);

    [LoggerMessage(1004, LogLevel.Information, "Revoked {Partitions}")]
    public static partial void Revoked(ILogger logger, string partitions);

    [LoggerMessage(1005, LogLevel.Warning, "Lost {Partitions}: another consumer may have them already")]
    public static partial void Lost(ILogger logger, string partitions);

    [LoggerMessage(1006, LogLevel.Warning, "Kafka: {Reason} ({Suppressed} such messages held back before); trying on")]
    public static partial void KafkaTrouble(ILogger logger, string reason, long suppressed);

    [LoggerMessage(1007, LogLevel.Critical, "Kafka consumer cannot go on: {Reason}")]
    public static partial void KafkaFatal(ILogger logger, string reason);

    [LoggerMessage(1008, LogLevel.Warning, "Offsets of {Partition} were not stored for commit: {Reason}")]
    public static partial void StoreFailed(ILogger logger, string partition, string reason);

    [LoggerMessage(1009, LogLevel.Information, "Listening on {Address}")]
    public static partial void Listening(ILogger logger, string address);

    [LoggerMessage(1010, LogLevel.Information, "Draining: no more records are read")]
    public static partial void Draining(ILogger logger);

    [LoggerMessage(1011, LogLevel.Information, "Stopped: {Spans} spans in {Records} records were counted, and the offsets after them released for commit")]
    public static partial void Stopped(ILogger logger, long spans, long records);

    [LoggerMessage(1012, LogLevel.Critical, "Worker failed; the process stops so that its supervisor can start it again")]
    public static partial void WorkerFailed(ILogger logger, Exception exception);

    [LoggerMessage(1013, LogLevel.Warning, "The page on {Address} can be read by anybody who reaches this machine: http.web_config can ask for a password or a certificate")]
    public static partial void Exposed(ILogger logger, string address);

    [LoggerMessage(1014, LogLevel.Error, "{Topic}[{Partition}]: {Lost} records from offset {From} on were gone from Kafka before they were read: raise the topic's retention, or find out why the worker was behind")]
    public static partial void OffsetsLost(ILogger logger, string topic, int partition, long from, long lost);

    [LoggerMessage(1015, LogLevel.Warning, "{Pitfall}")]
    public static partial void Pitfall(ILogger logger, string pitfall);

    [LoggerMessage(1020, LogLevel.Information, "Read {File} again: it holds from now on")]
    public static partial void WebConfigRead(ILogger logger, string file);

    [LoggerMessage(1021, LogLevel.Error, "http.web_config has changed and has mistakes; what held before holds on: {Errors}")]
    public static partial void WebConfigRefused(ILogger logger, string errors);
}
