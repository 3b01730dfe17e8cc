using SpanMetrics.Configuration;
using SpanMetrics.Otlp;
using SpanMetrics.Semantics;

namespace SpanMetrics.Tests.Unit;

/// <summary>Everything that decoding one record gave.</summary>
internal sealed class Decoded : ISpanVisitor
{
    private readonly SymbolTable _symbols = new(1_000_000);
    private readonly SpanClassifier _classifier;
    private readonly List<SeenSpan> _spans = [];

    private Decoded() => _classifier = new SpanClassifier(Emitters.Rules, _symbols, adjustedCounts: true, GatewayDecisions.Spans);

    public DecodeStatus Status { get; private set; }

    public IReadOnlyList<SeenSpan> Spans => _spans;

    public int Invalid { get; private set; }

    public IEnumerable<string> Names => _spans.Select(span => span.Name);

    public static Decoded Nothing => new();

    public static Decoded Of(ReadOnlySpan<byte> record) => Of(record, new TracesDecoder(Emitters.Rules.Selector));

    public static Decoded Of(ReadOnlySpan<byte> record, TracesDecoder decoder)
    {
        var seen = new Decoded();
        seen.Status = decoder.Decode(record, ref seen);
        return seen;
    }

    /// <summary>The one span of a record that is fine.</summary>
    public static SeenSpan SpanOf(ReadOnlySpan<byte> record)
    {
        Decoded seen = Of(record);
        Assert.Equal(DecodeStatus.Ok, seen.Status);
        return Assert.Single(seen.Spans);
    }

    public bool TryMakeRoom(bool canRestart) => true;

    public void Visit(in SpanView span) => _spans.Add(SeenSpan.Of(span, _classifier, _symbols));

    public void VisitInvalid() => Invalid++;

    public void Restart()
    {
        _spans.Clear();
        Invalid = 0;
    }
}
