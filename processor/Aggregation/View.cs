using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>One family of metrics: which spans it counts, by which dimensions, under which names. Immutable.</summary>
internal sealed record View
{
    /// <summary>The key under <c>views:</c> in the configuration.</summary>
    public required string Name { get; init; }

    public required string CounterFamily { get; init; }

    public required string CounterHelp { get; init; }

    /// <summary>Null for a view that only counts.</summary>
    public string? HistogramFamily { get; init; }

    public string HistogramHelp { get; init; } = "";

    /// <summary>What is counted.</summary>
    public required CountedAs Match { get; init; }

    public required Dimension[] Dimensions { get; init; }

    /// <summary>One for each dimension, in the same order.</summary>
    public string[] LabelNames { get; init; } = [];

    /// <summary>Upper bounds in seconds, ascending, without +Inf; none where there is no histogram.</summary>
    public double[] Buckets { get; init; } = [];

    /// <summary>Label sets before overflow; null where the view has no limit of its own.</summary>
    public int? SeriesLimit { get; init; }
}
