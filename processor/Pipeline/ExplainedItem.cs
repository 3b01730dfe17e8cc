using SpanMetrics.Semantics;

namespace SpanMetrics.Pipeline;

/// <summary>All there is to say of a span or a log record.</summary>
internal sealed record ExplainedItem
{
    /// <summary>Counted over all files.</summary>
    public required int Record { get; init; }

    public required bool IsLog { get; init; }

    public required string TraceId { get; init; }

    public required string SpanId { get; init; }

    /// <summary>Null for a log record that does not count.</summary>
    public required SpanPlan? Plan { get; init; }

    /// <summary>What it counts as before its trace is known, by index among all of the record: first the item itself. Empty where it does not count.</summary>
    public required Range Entries { get; init; }

    /// <summary>Null where no rule decided.</summary>
    public OutcomeRule? OutcomeRule { get; init; }

    /// <summary>By dimension: where the value came from; null for one that does not apply.</summary>
    public string?[] From { get; init; } = new string?[DimensionText.All.Length];

    /// <summary>By dimension, as labels show it.</summary>
    public string[] Values { get; set; } = [];

    /// <summary>Dimensions that the configuration adds; the value is empty where there is no label.</summary>
    public List<(string Name, string Value, string From)> Own { get; } = [];

    /// <summary>Tokens by type, and cost.</summary>
    public List<(string Name, double Amount, string From)> Usage { get; } = [];

    public List<SkippedSource> Skipped { get; } = [];

    /// <summary>Why it counts for less or more than itself; empty where it does not.</summary>
    public string Note { get; set; } = "";

    /// <summary>The span that the call counts with in place of this one.</summary>
    public string? FoldedInto { get; set; }

    public List<MovedFamily> Moved { get; } = [];
}
