using SpanMetrics.Otlp;
using SpanMetrics.Semantics;

namespace SpanMetrics.Tests.Unit;

/// <summary>Everything that decoding one record gave.</summary>
internal sealed class Decoded : ISpanVisitor
{
    private readonly SpanClassifier _classifier = new();
    private readonly List<SeenSpan> _spans = [];

    public DecodeStatus Status { get; private set; }

    public IReadOnlyList<SeenSpan> Spans => _spans;

    public int Invalid { get; private set; }

    public IEnumerable<string> Names => _spans.Select(span => span.Name);

    public static Decoded Of(ReadOnlySpan<byte> record) => Of(record, new TracesDecoder(Keys.Selector));

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

    public void Visit(in SpanView span) => _spans.Add(SeenSpan.Of(span, _classifier));

    public void VisitInvalid() => Invalid++;

    public void Restart()
    {
        _spans.Clear();
        Invalid = 0;
    }
}
