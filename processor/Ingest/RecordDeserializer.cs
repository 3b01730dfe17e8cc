using Confluent.Kafka;

namespace SpanMetrics.Ingest;

/// <summary>
/// Reads records where librdkafka has them. A <c>byte[]</c> for each costs four times as much and a full collection
/// every few dozen records of 100 KiB.
/// </summary>
internal sealed class RecordDeserializer(IRecordSink sink, IEnumerable<string> logTopics) : IDeserializer<Null?>
{
    private readonly HashSet<string> _logTopics = [.. logTopics];

    public Null? Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        sink.Take(data, isNull, _logTopics.Contains(context.Topic) ? RecordSignal.Logs : RecordSignal.Traces);
        return null;
    }
}
