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
internal sealed class RecordPipeline
{
    // Clocks differ between hosts, by less than this. A span from beyond it would be the latest for ever, and the exemplar too.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromHours(1);

    private readonly PipelineOptions _options;
    private readonly TimeProvider _time;
    private readonly long _startTimestamp;
    private readonly TracesDecoder _tracesDecoder;
    private readonly LogsDecoder _logsDecoder;
    private readonly SpanClassifier _classifier;
    private readonly TraceContext _context;
    private readonly Aggregator _aggregator;
    private readonly RecordSpans _spans; // of the record being taken

    // Of the record being taken.
    private int _counted;
    private int _filtered;
    private int _invalid;
    private ulong _lastSpanEndUnixNano;
    private ulong _latestBelievedUnixNano;
    private long _nowUnixNano;
    private readonly PlainHistogram _lateness = InputCounts.NewLateness();
    private uint _now;

    public RecordPipeline(PipelineOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _startTimestamp = time.GetTimestamp();
        var symbols = new SymbolTable(options.Limits.LabelValues);
        _tracesDecoder = new TracesDecoder(options.Rules.Selector);
        _logsDecoder = new LogsDecoder(options.Rules.Selector);
        OwnDimensions? own = options.OwnDimensions(symbols);
        _spans = new RecordSpans(own?.Absent, options.Exemplars);
        _classifier = new SpanClassifier(options.Rules, symbols, options.AdjustedCounts, options.GatewayDecisions, own, options.CountsSpanBytes);
        _context = new TraceContext(new TraceOptions(options.Limits.TraceEntries, options.Limits.TraceSeconds), symbols, options.GatewayDecisions);
        _aggregator = new Aggregator(options.Views, options.Limits, symbols);
    }

    public InputCounts Input { get; } = new();

    /// <summary>Of the record taken last.</summary>
    public DecodeStatus Status { get; private set; }

    /// <summary>Of the record taken last: it is broken, and some of its spans or log records were counted all the same.</summary>
    public bool Salvaged { get; private set; }

    public PartitionDeltas AddPartition() => _aggregator.AddPartition();

    public void Take(ReadOnlySpan<byte> value, bool isNull, RecordSignal signal = RecordSignal.Traces)
    {
        BeginRecord();
        DateTimeOffset now = _time.GetUtcNow();
        _nowUnixNano = now.ToUnixTimeMilliseconds() * 1_000_000;
        _latestBelievedUnixNano = (ulong)(now + ClockSkew).ToUnixTimeMilliseconds() * 1_000_000;
        _now = 1 + (uint)_time.GetElapsedTime(_startTimestamp).TotalSeconds;
        Status = isNull ? DecodeStatus.Null
            : value.Length > _options.Limits.RecordBytes ? DecodeStatus.TooLarge
            : Decode(value, signal);
        _context.Join(_spans, _now);
        Salvaged = Status != DecodeStatus.Ok && _counted > 0;
        Input.Bytes += value.Length;
        Input.Lateness.Add(_lateness);
        Input.Of(signal).Add(Status, Salvaged, _counted, _filtered, _invalid);
        Input.LastSpanEndUnixNano = Math.Max(Input.LastSpanEndUnixNano, _lastSpanEndUnixNano);
    }

    public void Apply(PartitionDeltas partition) => _aggregator.Apply(_spans.All, partition, _spans.Own, _spans.Links);

    /// <summary>All that the page must know of what was applied since the last call.</summary>
    /// <param name="positions">Of the worker's partitions.</param>
    /// <param name="startAfresh">Whether label sets are forgotten afterwards.</param>
    public WorkerHandover HandOver(PartitionPosition[] positions, bool startAfresh = false)
    {
        Input.Context = new TraceCounts(_context);
        return new WorkerHandover(_aggregator.HandOver(startAfresh), Input.Copy(), positions);
    }

    private DecodeStatus Decode(ReadOnlySpan<byte> value, RecordSignal signal)
    {
        var visitor = new Visitor(this);
        return signal == RecordSignal.Logs ? _logsDecoder.Decode(value, ref visitor) : _tracesDecoder.Decode(value, ref visitor);
    }

    private void BeginRecord()
    {
        _spans.Clear();
        _aggregator.BeginRecord();
        _counted = _filtered = _invalid = 0;
        _lastSpanEndUnixNano = 0;
        _lateness.Clear();
    }

    // A record with very many spans is joined and added up on the way, so that it cannot claim more memory than its label sets.
    private bool MakeRoom(bool canRestart)
    {
        if (!_spans.IsFull)
        {
            return true;
        }

        if (canRestart)
        {
            return false;
        }

        _context.Join(_spans, _now);
        _aggregator.PutAside(_spans.All, _spans.Own, _spans.Links);
        _spans.Clear();
        return true;
    }

    private void Count(CountedAs counted)
    {
        bool isWanted = (counted & _aggregator.Wanted) != 0;
        _counted += isWanted ? 1 : 0;
        _filtered += isWanted ? 0 : 1;
    }

    private readonly ref struct Visitor(RecordPipeline pipeline) : ISpanVisitor, ILogRecordVisitor
    {
        public bool TryMakeRoom(bool canRestart) => pipeline.MakeRoom(canRestart);

        public void Visit(in SpanView span)
        {
            int first = pipeline._spans.Count;
            pipeline.Count(CountedAs.Span | pipeline._classifier.Classify(span, pipeline._spans).Counted);
            if (pipeline._options.Exemplars)
            {
                pipeline._spans.Link(first, SpanLink.Of(span, pipeline._latestBelievedUnixNano));
            }

            if (span.EndUnixNano <= pipeline._latestBelievedUnixNano)
            {
                pipeline._lastSpanEndUnixNano = Math.Max(pipeline._lastSpanEndUnixNano, span.EndUnixNano);
                if (span.EndUnixNano > 0)
                {
                    pipeline._lateness.Observe(Math.Max(0, pipeline._nowUnixNano - (long)span.EndUnixNano));
                }
            }
        }

        public void Visit(in LogRecordView log)
        {
            int first = pipeline._spans.Count;
            SpanPlan? plan = pipeline._classifier.Classify(log, pipeline._spans);
            pipeline.Count(plan?.Counted ?? CountedAs.Nothing);
            if (plan is not null && pipeline._options.Exemplars)
            {
                pipeline._spans.Link(first, SpanLink.Of(log, pipeline._latestBelievedUnixNano));
            }
        }

        public void VisitInvalid() => pipeline._invalid++;

        public void Restart() => pipeline.BeginRecord();
    }
}
