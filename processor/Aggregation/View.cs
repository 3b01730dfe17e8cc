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

    /// <summary>Of the dimensions that the configuration adds: those that the view counts by too, by number.</summary>
    public int[] Own { get; init; } = [];

    /// <summary>One for each of <see cref="Dimensions"/>, in the same order, then for each of <see cref="Own"/>.</summary>
    public string[] LabelNames { get; init; } = [];

    /// <summary>Upper bounds in seconds, ascending, without +Inf; none where there is no histogram.</summary>
    public double[] Buckets { get; init; } = [];

    /// <summary>What the histogram is printed in.</summary>
    public DurationUnit Unit { get; init; }

    public double NanosInUnit => Unit == DurationUnit.Seconds ? 1e9 : 1e6;

    /// <summary>The bounds as they are printed. In decimal, or some would get a last digit of their own.</summary>
    public double[] PrintedBuckets => Array.ConvertAll(Buckets, bound => (double)((decimal)bound * (1_000_000_000 / (decimal)NanosInUnit)));

    /// <summary>Which of the two the protobuf format tells.</summary>
    public Histograms Histograms { get; init; }

    /// <summary>Which durations are told apart when they are counted: by <see cref="Buckets"/>, and by <see cref="Native"/>.</summary>
    public double[] CountedBounds => Native is NativeBuckets native ? native.BoundsWith(Buckets) : Buckets;

    /// <summary>Null where only <see cref="Buckets"/> are told.</summary>
    public NativeBuckets? Native => Histograms == Histograms.Classic || Buckets.Length == 0 ? null : NativeBuckets.Over(Buckets, NanosInUnit / 1e9);

    /// <summary>Label sets before overflow; null where the view has no limit of its own.</summary>
    public int? SeriesLimit { get; init; }
}
