using SpanMetrics.Aggregation;
using SpanMetrics.Ingest;

namespace SpanMetrics.Pipeline;

/// <summary>Counts records where there is no Kafka: all of them are of one partition.</summary>
internal sealed class ReplaySink(RecordPipeline pipeline) : IRecordSink
{
    private readonly PartitionDeltas _deltas = pipeline.AddPartition();

    public void Take(ReadOnlySpan<byte> value, bool isNull)
    {
        pipeline.Take(value, isNull);
        pipeline.Apply(_deltas);
    }
}
