using SpanMetrics.Ingest;
using SpanMetrics.Otlp;
using SpanMetrics.Semantics;

namespace SpanMetrics.Pipeline;

/// <summary>
/// Tells of each span and log record what it counts as and why, in the order of the record, once the record's spans know of each other. Goes
/// the way of <see cref="RecordPipeline"/>, with the same classifier and trace context.
/// </summary>
internal sealed class SpanExplainer : IRecordSink
{
    private const uint Now = 1; // nothing is forgotten for its age

    private readonly IExplanationWriter _writer;
    private readonly string? _onlyTrace;
    private readonly TracesDecoder _tracesDecoder;
    private readonly LogsDecoder _logsDecoder;
    private readonly SpanClassifier _classifier;
    private readonly TraceContext _context;
    private readonly ItemExplainer _explainer;
    private readonly RecordSpans _spans;
    private readonly List<(ExplainedItem Item, int Model, CountedAs Counted)> _items = []; // of the record, with what the join may change
    private readonly int _recordBytes;
    private int _invalid; // of the record
    private int _record = -1;

    /// <param name="options">What a worker would do.</param>
    /// <param name="writer">Gets the explanations.</param>
    /// <param name="onlyTrace">Only spans of this trace are told of; all are read.</param>
    public SpanExplainer(PipelineOptions options, IExplanationWriter writer, string? onlyTrace)
    {
        _writer = writer;
        _onlyTrace = onlyTrace;
        var symbols = new SymbolTable(options.Limits.LabelValues);
        _tracesDecoder = new TracesDecoder(options.Rules.Selector);
        _logsDecoder = new LogsDecoder(options.Rules.Selector);
        OwnDimensions? own = options.OwnDimensions(symbols);
        _spans = new RecordSpans(own?.Absent) { JoinedCalls = [] };
        _classifier = new SpanClassifier(options.Rules, symbols, options.AdjustedCounts, options.GatewayDecisions, own, options.CountsSpanBytes);
        _context = new TraceContext(new TraceOptions(options.Limits.TraceEntries, options.Limits.TraceSeconds), symbols, options.GatewayDecisions);
        _explainer = new ItemExplainer(options, _classifier, symbols, own);
        _recordBytes = options.Limits.RecordBytes;
    }

    public void Take(ReadOnlySpan<byte> value, bool isNull, RecordSignal signal)
    {
        _record++;
        Restart();
        DecodeStatus status = isNull ? DecodeStatus.Null : value.Length > _recordBytes ? DecodeStatus.TooLarge : Decode(value, signal);
        Tell();
        for (; _invalid > 0; _invalid--)
        {
            _writer.WriteBroken(_record, "invalid", signal == RecordSignal.Logs ? "the bytes of a log record are broken" : "the bytes of a span are broken");
        }

        if (status != DecodeStatus.Ok)
        {
            _writer.WriteBroken(_record, "broken", SignalCounts.ReasonOf(status));
        }
    }

    private DecodeStatus Decode(ReadOnlySpan<byte> value, RecordSignal signal)
    {
        var visitor = new Visitor(this);
        return signal == RecordSignal.Logs ? _logsDecoder.Decode(value, ref visitor) : _tracesDecoder.Decode(value, ref visitor);
    }

    private void Restart()
    {
        _spans.Clear();
        _items.Clear();
        _invalid = 0;
    }

    // In parts where the pipeline counts in parts, so that calls are joined as they are there.
    private bool MakeRoom(bool canRestart)
    {
        if (_spans.IsFull && !canRestart)
        {
            Tell();
        }

        return !_spans.IsFull;
    }

    private void Add(ExplainedItem item)
    {
        bool counts = item.Entries.Start.Value < _spans.Count;
        _items.Add(counts ? (item, _spans[item.Entries.Start.Value].Text[(int)Dimension.Model], _spans[item.Entries.Start.Value].Counted) : (item, 0, 0));
    }

    private void Tell()
    {
        _context.Join(_spans, Now);
        var bySpan = new Dictionary<int, ExplainedItem>();
        foreach ((ExplainedItem item, int model, CountedAs counted) in _items)
        {
            int index = item.Entries.Start.Value;
            if (!item.Entries.Equals(index..index))
            {
                _explainer.End(item, _spans, model);
                bySpan[index] = item;
                if ((counted & ~_spans[index].Counted & CountedAs.Decision) != 0)
                {
                    item.Note = $"counted before, as {(item.IsLog ? "a span" : "a record of the access log")}";
                }
            }
        }

        foreach (JoinedCall call in _spans.JoinedCalls!)
        {
            Join(call, Array.ConvertAll(call.Spans, span => bySpan[span]));
        }

        foreach ((ExplainedItem item, _, _) in _items)
        {
            if (_onlyTrace is null || item.TraceId.Equals(_onlyTrace, StringComparison.OrdinalIgnoreCase))
            {
                _writer.Write(item);
            }
        }

        _spans.Clear();
        _items.Clear();
    }

    private void Join(in JoinedCall call, ExplainedItem[] items)
    {
        ExplainedItem outer = items[0];
        string earlier = TraceIds.TextOf(call.Earlier);
        _explainer.Count(outer, call.Added, _spans);
        for (int i = call.Fate == CallFate.CountedBefore ? 0 : 1; i < items.Length; i++)
        {
            items[i].FoldedInto = call.Fate == CallFate.CountedBefore ? earlier : outer.SpanId;
            items[i].Note = call.Fate == CallFate.CountedBefore ? $"folded into span {earlier} of an earlier record" : $"folded into span {outer.SpanId}";
        }

        if (call.Fate == CallFate.Waits)
        {
            outer.Note = "waits for the span around it";
        }
        else if (call.Fate == CallFate.Counted && (items.Length > 1 || call.Earlier != 0))
        {
            var inside = new List<string>(Array.ConvertAll(items[1..], item => item.SpanId));
            if (call.Earlier != 0)
            {
                inside.Add($"{earlier} of an earlier record, which waited");
            }

            outer.Note = $"one call with span {string.Join(", ", inside)}";
        }
    }

    private readonly ref struct Visitor(SpanExplainer explainer) : ISpanVisitor, ILogRecordVisitor
    {
        public bool TryMakeRoom(bool canRestart) => explainer.MakeRoom(canRestart);

        public void Visit(in SpanView span)
        {
            int index = explainer._spans.Count;
            SpanPlan plan = explainer._classifier.Classify(span, explainer._spans);
            explainer.Add(explainer._explainer.Begin(explainer._record, span, plan, explainer._spans, index));
        }

        public void Visit(in LogRecordView log)
        {
            int index = explainer._spans.Count;
            SpanPlan? plan = explainer._classifier.Classify(log, explainer._spans);
            explainer.Add(explainer._explainer.Begin(explainer._record, log, plan, explainer._spans, index));
        }

        public void VisitInvalid() => explainer._invalid++;

        public void Restart() => explainer.Restart();
    }
}
