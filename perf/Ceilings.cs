using System.Numerics;
using System.Runtime.InteropServices;
using SpanMetrics.Aggregation;
using SpanMetrics.Configuration;
using SpanMetrics.Otlp;
using SpanMetrics.Perf.Baseline;
using SpanMetrics.Pipeline;
using SpanMetrics.Semantics;

namespace SpanMetrics.Perf;

/// <summary>
/// Ceilings that stand on one another: each method from <see cref="Walk"/> to <see cref="Render"/> does what the one above it does and
/// one thing more, over all of <see cref="AgentSpans"/>, on one thread, warm: every label value and label set known. None of them has
/// Kafka, decompression, first sight of values, or more label sets than fit the cache.
/// </summary>
internal sealed class Ceilings
{
    private readonly SymbolTable _symbols = new(10_000);
    private readonly TracesDecoder _decoder = new(Emitters.Rules.Selector);
    private readonly SpanClassifier _classifier;
    private readonly TraceContext _context;
    private readonly HandWritten _byHand;
    private readonly RecordSpans _classified = new();
    private readonly ReplaySink _oneView = Pipelines.OneView(new AggregationOptions());
    private readonly ReplaySink _allViews = Pipelines.AllViews(new AggregationOptions());
    private readonly ReplaySink _noExemplars = new(Pipelines.Options(Pipelines.Default, new AggregationOptions()) with { Exemplars = false });
    private object? _kept;

    public Ceilings(RecordSet set)
    {
        Set = set;
        Scrape = new Scrape(_allViews);
        _classifier = new SpanClassifier(Emitters.Rules, _symbols, adjustedCounts: true, GatewayDecisions.Spans);
        _context = new TraceContext(new TraceOptions(65_536, 86_400), _symbols, GatewayDecisions.Spans);
        _byHand = new HandWritten(_symbols);
    }

    /// <summary>Of an empty object.</summary>
    public static int ControlBytes => 3 * IntPtr.Size;

    public RecordSet Set { get; }

    /// <summary>Of all views.</summary>
    public Scrape Scrape { get; }

    /// <summary>Of the results that nobody wants, so that the work is not optimised away.</summary>
    public long Sum { get; private set; }

    // Every byte read once, a vector at a time: what the memory gives. Leaves out that a span is anything but bytes.
    public void Scan()
    {
        var sum = Vector<ulong>.Zero;
        foreach (byte[] record in Set.Records)
        {
            foreach (Vector<ulong> eight in MemoryMarshal.Cast<byte, Vector<ulong>>(record))
            {
                sum += eight; // the last few bytes of a record do not matter here
            }
        }

        Sum += (long)Vector.Sum(sum);
    }

    // Every field stepped over, with unchecked reads. Leaves out bounds checks, what keys and values say, broken input,
    // and resources that come after their spans.
    public void Walk()
    {
        foreach (byte[] record in Set.Records)
        {
            Sum += TagWalk.Fields(record);
        }
    }

    // The same by other code, which does not know how OTLP mostly looks.
    public void WalkPlainly()
    {
        foreach (byte[] record in Set.Records)
        {
            Sum += PlainWalk.Fields(record);
        }
    }

    // Checked reads, attributes put into their slots, spans counted. Leaves out reading the values in the slots.
    public void Decode()
    {
        var visitor = new Counting();
        foreach (byte[] record in Set.Records)
        {
            _decoder.Decode(record, ref visitor);
        }

        Sum += visitor.Spans;
    }

    /// <summary>Both ways of saying what a span means must say the same, or they are no match.</summary>
    public void CheckByHand()
    {
        var rules = new Classifying(_classifier, _classified);
        var spans = new RecordSpans();
        var byHand = new HandClassifying(_byHand, spans);
        foreach (byte[] record in Set.Records)
        {
            _decoder.Decode(record, ref rules);
            _decoder.Decode(record, ref byHand);
            if (!MemoryMarshal.AsBytes(_classified.All).SequenceEqual(MemoryMarshal.AsBytes(spans.All)))
            {
                throw new InvalidOperationException("the rules and the switch differ");
            }

            _classified.Clear();
            spans.Clear();
        }
    }

    // And class, outcome and labels of every span as numbers, and what the trace context must know of it, by a switch written for these
    // spans. What rules are measured against.
    public void ByHand()
    {
        var visitor = new HandClassifying(_byHand, _classified);
        foreach (byte[] record in Set.Records)
        {
            _decoder.Decode(record, ref visitor);
            Sum += _classified.Count;
            _classified.Clear();
        }
    }

    // The same by the rules of all emitters.
    public void Rules() => Classify(isJoined: false);

    // And nested calls joined, gates and models found and remembered. Leaves out views and label sets.
    public void Context() => Classify(isJoined: true);

    // And the label set and increment of every span in one view. Leaves out the other views.
    public void OneView() => Set.Feed(_oneView);

    // All a worker does with the bytes of a record, for one partition. Leaves out folding, offsets and committing.
    public void AllViews() => Set.Feed(_allViews);

    // The same, where no span is kept to be led to.
    public void AllViewsWithoutExemplars() => Set.Feed(_noExemplars);

    // And a fold and a page of all label sets after these spans; a worker gets many more of them between two scrapes.
    public void Render()
    {
        Set.Feed(_allViews);
        Scrape.Fold();
        Scrape.Render();
    }

    // Google.Protobuf reads the records into objects; nothing is done with them.
    public void Parse()
    {
        foreach (byte[] record in Set.Records)
        {
            Sum += TracesData.Parser.ParseFrom(record).ResourceSpans.Count;
        }
    }

    private void Classify(bool isJoined)
    {
        var visitor = new Classifying(_classifier, _classified);
        foreach (byte[] record in Set.Records)
        {
            _decoder.Decode(record, ref visitor);
            if (isJoined)
            {
                _context.Join(_classified, now: 1);
            }

            Sum += _classified.Count;
            _classified.Clear();
        }
    }

    // Decodes, and keeps a new object for every span: what a meter of allocations must see.
    public void Allocate()
    {
        var visitor = new Allocating(this);
        foreach (byte[] record in Set.Records)
        {
            _decoder.Decode(record, ref visitor);
        }
    }

    private struct Counting : ISpanVisitor
    {
        public readonly bool TryMakeRoom(bool canRestart) => true;

        public int Spans { get; private set; }

        public void Visit(in SpanView span) => Spans++;

        public readonly void VisitInvalid() => throw new InvalidOperationException("a generated span is broken");

        public readonly void Restart() => throw new InvalidOperationException("a generated scope comes after its spans");
    }

    // The object goes where the JIT cannot prove that nobody looks at it, or it would live on the stack.
    private readonly struct Allocating(Ceilings keeper) : ISpanVisitor
    {
        public bool TryMakeRoom(bool canRestart) => true;

        public void Visit(in SpanView span) => keeper._kept = new object();

        public void VisitInvalid() => throw new InvalidOperationException("a generated span is broken");

        public readonly void Restart() => throw new InvalidOperationException("a generated scope comes after its spans");
    }

    private readonly struct Classifying(SpanClassifier classifier, RecordSpans spans) : ISpanVisitor
    {
        public bool TryMakeRoom(bool canRestart) => true;

        public void Visit(in SpanView span) => classifier.Classify(span, spans);

        public void VisitInvalid() => throw new InvalidOperationException("a generated span is broken");

        public void Restart() => throw new InvalidOperationException("a generated scope comes after its spans");
    }

    private readonly struct HandClassifying(HandWritten classifier, RecordSpans spans) : ISpanVisitor
    {
        public bool TryMakeRoom(bool canRestart) => true;

        public void Visit(in SpanView span) => classifier.Classify(span, spans);

        public void VisitInvalid() => throw new InvalidOperationException("a generated span is broken");

        public void Restart() => throw new InvalidOperationException("a generated scope comes after its spans");
    }
}
