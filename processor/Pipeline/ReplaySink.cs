using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Ingest;

namespace SpanMetrics.Pipeline;

/// <summary>Counts records where there is no Kafka: all of them are of one partition of one worker.</summary>
internal sealed class ReplaySink(PipelineOptions options) : IRecordSink
{
    private readonly RecordPipeline _pipeline = new(options, TimeProvider.System);
    private readonly PageKeeper _keeper = new(options.Views, options.Limits, workers: 1, TimeProvider.System);
    private PartitionDeltas? _deltas;

    public InputCounts Input => _pipeline.Input;

    public void Take(ReadOnlySpan<byte> value, bool isNull, RecordSignal signal = RecordSignal.Traces)
    {
        _pipeline.Take(value, isNull, signal);
        _pipeline.Apply(_deltas ??= _pipeline.AddPartition());
    }

    /// <summary>Everything taken so far. Borrowed: valid until the next call.</summary>
    public Page Fold()
    {
        _keeper.Fold(0, _pipeline.HandOver([]));
        return _keeper.Page() with { OwnHistograms = [] }; // how late spans are says nothing here
    }
}
