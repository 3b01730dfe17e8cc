using System.ComponentModel.DataAnnotations;

namespace SpanMetrics.Aggregation;

/// <summary>
/// An entry of the section <c>views</c>: what to change in a default view, or a view of the user's own. What is left out stays as it is by
/// default; a view of one's own needs <see cref="Match"/> and <see cref="Dimensions"/>.
/// </summary>
internal sealed class ViewOptions
{
    public bool Enabled { get; init; } = true;

    /// <summary>What is counted: a class of spans, <c>all</c> of them, or what <see cref="Semantics.CountedAsText"/> names beside these.</summary>
    public string? Match { get; init; }

    /// <summary>What to count by, by default names, in the order of the labels; those of the section <c>dimensions</c> come last.</summary>
    [MinLength(1)]
    public List<string>? Dimensions { get; init; }

    /// <summary>New names for the view's labels, by their default name. Dashboards and rules that ship with the project use the default names.</summary>
    public Dictionary<string, string> Labels { get; init; } = [];

    /// <summary>Upper bounds in seconds, whatever the unit; ascending, without +Inf.</summary>
    [MinLength(1)]
    public List<double>? Buckets { get; init; }

    /// <summary>What the histogram is printed in, and what its name ends with: <c>seconds</c> or <c>milliseconds</c>.</summary>
    public DurationUnit? Unit { get; init; }

    /// <summary>Label sets before overflow, instead of <c>limits.series</c>.</summary>
    [Range(1, 10_000_000)]
    public int? Series { get; init; }
}
