namespace SpanMetrics.Ingest;

/// <summary>Takes the bytes of one record while they are there: in Kafka's case they are librdkafka's memory.</summary>
internal interface IRecordSink
{
    /// <summary>Must not throw and must not keep <paramref name="value"/>. What it means is told by the next call to the source.</summary>
    void Take(ReadOnlySpan<byte> value, bool isNull, RecordSignal signal);
}
