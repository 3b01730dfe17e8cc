using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Ingest;
using SpanMetrics.Otlp;
using SpanMetrics.Semantics;

namespace SpanMetrics.Pipeline;

/// <summary>
/// The rooms from bytes to increments, joined: the same for Kafka, replay and tests. Not thread-safe: owned by one worker.
/// A record is taken first and applied to its partition second, for Kafka says where a record lay only after its bytes are gone.
/// </summary>
internal sealed class RecordPipeline(View[] views, AggregationOptions limits, TimeProvider time, bool adjustedCounts = true)
{
    // Clocks differ between hosts, by less than this. A span from beyond it would be the latest for ever.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromHours(1);

    private readonly TracesDecoder _decoder = new(Keys.Selector);
    private readonly LogsDecoder _logsDecoder = new(Keys.Selector);
    private readonly SpanClassifier _classifier = new(adjustedCounts);
    private readonly Aggregator _aggregator = new(views, limits);
    private ulong _latestBelievedUnixNano;

    // Of the record being taken.
    private int _counted;
    private int _filtered;
    private int _invalid;
    private ulong _lastSpanEndUnixNano;

    public InputCounts Input { get; } = new();

    /// <summary>Of the record taken last.</summary>
    public DecodeStatus Status { get; private set; }

    /// <summary>Of the record taken last: it is broken, and some of its spans or log records were counted all the same.</summary>
    public bool Salvaged { get; private set; }

    public PartitionDeltas AddPartition() => _aggregator.AddPartition();

    public void Take(ReadOnlySpan<byte> value, bool isNull, RecordSignal signal = RecordSignal.Traces)
    {
        BeginRecord();
        _latestBelievedUnixNano = (ulong)(time.GetUtcNow() + ClockSkew).ToUnixTimeMilliseconds() * 1_000_000;
        Status = isNull ? DecodeStatus.Null
            : value.Length > limits.RecordBytes ? DecodeStatus.TooLarge
            : Decode(value, signal);
        Salvaged = Status != DecodeStatus.Ok && _counted > 0;
        Input.Bytes += value.Length;
        Input.Of(signal).Add(Status, Salvaged, _counted, _filtered, _invalid);
        Input.LastSpanEndUnixNano = Math.Max(Input.LastSpanEndUnixNano, _lastSpanEndUnixNano);
    }

    public void Apply(PartitionDeltas partition) => _aggregator.Apply(partition);

    /// <summary>All that the page must know of what was applied since the last call.</summary>
    /// <param name="own">Families of the worker that are not cumulated.</param>
    public WorkerHandover HandOver(PlainFamily[] own) => new(_aggregator.HandOver(), Input.Copy(), own);

    private DecodeStatus Decode(ReadOnlySpan<byte> value, RecordSignal signal)
    {
        if (signal == RecordSignal.Logs)
        {
            var logs = new LogVisitor(this);
            return _logsDecoder.Decode(value, ref logs);
        }

        var spans = new CountingVisitor(this);
        return _decoder.Decode(value, ref spans);
    }

    // No view counts log records yet.
    private void CountLog(in LogRecordView logRecord) => _filtered++;

    private void BeginRecord()
    {
        _aggregator.BeginRecord();
        _counted = _filtered = _invalid = 0;
        _lastSpanEndUnixNano = 0;
    }

    private readonly ref struct CountingVisitor(RecordPipeline pipeline) : ISpanVisitor
    {
        public void Visit(in SpanView span)
        {
            pipeline._classifier.Classify(span, out ClassifiedSpan classified);
            if (pipeline._aggregator.Journal(classified))
            {
                pipeline._counted++;
            }
            else
            {
                pipeline._filtered++;
            }

            if (span.EndUnixNano <= pipeline._latestBelievedUnixNano)
            {
                pipeline._lastSpanEndUnixNano = Math.Max(pipeline._lastSpanEndUnixNano, span.EndUnixNano);
            }
        }

        public void VisitInvalid() => pipeline._invalid++;

        public void Restart() => pipeline.BeginRecord();
    }

    private readonly ref struct LogVisitor(RecordPipeline pipeline) : ILogRecordVisitor
    {
        public void Visit(in LogRecordView logRecord) => pipeline.CountLog(logRecord);

        public void VisitInvalid() => pipeline._invalid++;

        public void Restart() => pipeline.BeginRecord();
    }
}
