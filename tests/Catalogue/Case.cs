using SpanMetrics.Aggregation;

namespace SpanMetrics.Tests.Catalogue;

/// <summary>
/// One example of the catalogue of bad input: an odd record, and what the page must say of it. Without more words the record
/// is fine, holds the good deny and the good allow of <see cref="Odd.Beside"/>, and takes little memory.
/// </summary>
internal sealed record Case(int Number, string Sentence, byte[] Record)
{
    public string Outcome { get; private init; } = "ok";

    public string Reason { get; private init; } = "none";

    /// <summary>Good denies in the record; as many good allows, unless said otherwise.</summary>
    public int Denies { get; private init; } = 1;

    public int Allows { get; private init; } = 1;

    /// <summary>Other spans that are counted.</summary>
    public int OddSpans { get; private init; }

    /// <summary>Those of them that are decisions.</summary>
    public int OddDecisions { get; private init; }

    public int Invalid { get; private init; }

    public IReadOnlyList<Row> Rows { get; private init; } = [];

    public AggregationOptions Limits { get; private init; } = new();

    /// <summary>Bytes on the heap that the record may cost.</summary>
    public long Memory { get; private init; } = 1 << 20;

    public Case Salvaged(string reason, int denies = 1, int allows = 1, int invalid = 0) =>
        this with { Outcome = "salvaged", Reason = reason, Denies = denies, Allows = allows, Invalid = invalid };

    public Case Rejected(string reason, int invalid = 0) =>
        this with { Outcome = "rejected", Reason = reason, Denies = 0, Allows = 0, Invalid = invalid };

    /// <summary>The record has no good spans.</summary>
    public Case Alone() => this with { Denies = 0, Allows = 0 };

    /// <summary>One more span is counted, a decision with these labels.</summary>
    public Case Decision(params (string Name, string Value)[] labels) => Decisions(1, labels);

    public Case Decisions(int count, params (string Name, string Value)[] labels) =>
        (this with { OddSpans = OddSpans + count, OddDecisions = OddDecisions + count }).Shows(Row.Decisions, count, labels);

    /// <summary>One more span is counted, and it is no decision.</summary>
    public Case Span(params (string Name, string Value)[] labels) => Spans(1, labels);

    public Case Spans(int count, params (string Name, string Value)[] labels) =>
        (this with { OddSpans = OddSpans + count }).Shows(Row.Spans, count, labels);

    /// <summary>Of the spans already told.</summary>
    public Case Shows(string family, double value, params (string Name, string Value)[] labels) =>
        this with { Rows = [.. Rows, new Row(family, value, labels)] };

    public Case Within(AggregationOptions limits) => this with { Limits = limits };

    public Case Costs(long memory) => this with { Memory = memory };

    public override string ToString() => $"{Number} {Sentence}";
}
