using System.Diagnostics.CodeAnalysis;
using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>The default views, and what the configuration may change in them.</summary>
internal static class Views
{
    // The collector's span_metrics connector, in seconds.
    private static readonly double[] SpanBuckets = [.002, .004, .006, .008, .01, .05, .1, .2, .4, .8, 1, 1.4, 2, 5, 10, 15];

    // A policy engine answers in a fraction of a millisecond; its time-out is seconds.
    private static readonly double[] DecisionBuckets = [.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10];

    // Prometheus sets these on every sample, or gives them a meaning of its own.
    private static readonly string[] ReservedLabels = ["job", "instance", "le", "quantile"];

    private static readonly View[] Defaults =
    [
        new()
        {
            Name = "traces_spanmetrics",
            CounterFamily = "traces_spanmetrics_calls_total",
            CounterHelp = "Spans.",
            HistogramFamily = "traces_spanmetrics_duration_seconds",
            HistogramHelp = "Duration of spans.",
            Match = null,
            Dimensions = [Dimension.ServiceName, Dimension.SpanName, Dimension.SpanKind, Dimension.StatusCode, Dimension.Deny, Dimension.RiskTier, Dimension.Tool, Dimension.Model],
            LabelNames = [],
            Buckets = SpanBuckets,
        },
        new()
        {
            Name = "agent_decisions",
            CounterFamily = "agent_decisions_total",
            CounterHelp = "Policy decisions.",
            HistogramFamily = "agent_decision_duration_seconds",
            HistogramHelp = "Time that policy decisions took.",
            Match = SpanClass.Decision,
            Dimensions =
            [
                Dimension.ServiceName, Dimension.Agent, Dimension.Tool, Dimension.Model, Dimension.RiskTier,
                Dimension.Outcome, Dimension.Deny, Dimension.Reason, Dimension.Event, Dimension.Source,
            ],
            LabelNames = [],
            Buckets = DecisionBuckets,
        },
    ];

    public static IEnumerable<string> Names
    {
        get
        {
            foreach (View view in Defaults)
            {
                yield return view.Name;
            }
        }
    }

    /// <summary>The views in effect, of options that have been checked.</summary>
    public static View[] Build(IReadOnlyDictionary<string, ViewOptions> overrides) => Build(overrides, (_, _, _) => { });

    /// <summary>The views in effect; <paramref name="reportError"/> gets the view, the key within it and what is wrong, once for each mistake.</summary>
    public static View[] Build(IReadOnlyDictionary<string, ViewOptions> overrides, Action<string, string, string> reportError)
    {
        foreach (string name in overrides.Keys)
        {
            if (Array.TrueForAll(Defaults, view => view.Name != name))
            {
                reportError(name, "", $"there is no view \"{name}\"; the views are {string.Join(", ", Names)}");
            }
        }

        return Array.ConvertAll(Defaults, view => WithLabels(view, overrides.GetValueOrDefault(view.Name), reportError));
    }

    private static View WithLabels(View view, ViewOptions? options, Action<string, string, string> reportError)
    {
        string[] names = Array.ConvertAll(view.Dimensions, DimensionText.NameOf);
        foreach ((string label, string renamed) in options?.Labels ?? [])
        {
            int at = Array.FindIndex(view.Dimensions, dimension => DimensionText.NameOf(dimension) == label);
            if (at < 0)
            {
                reportError(view.Name, label, $"the view {view.Name} has no label \"{label}\"; it has {string.Join(", ", Array.ConvertAll(view.Dimensions, DimensionText.NameOf))}");
            }
            else if (!TryCheckLabelName(renamed, out string? problem))
            {
                reportError(view.Name, label, problem);
            }
            else
            {
                names[at] = renamed;
            }
        }

        for (int i = 0; i < names.Length; i++)
        {
            if (Array.IndexOf(names, names[i]) < i)
            {
                reportError(view.Name, DimensionText.NameOf(view.Dimensions[i]), $"two labels of the view {view.Name} are named \"{names[i]}\"");
            }
        }

        return new View
        {
            Name = view.Name,
            CounterFamily = view.CounterFamily,
            CounterHelp = view.CounterHelp,
            HistogramFamily = view.HistogramFamily,
            HistogramHelp = view.HistogramHelp,
            Match = view.Match,
            Dimensions = view.Dimensions,
            LabelNames = names,
            Buckets = view.Buckets,
        };
    }

    private static bool TryCheckLabelName(string name, [NotNullWhen(false)] out string? problem)
    {
        problem = name.Length == 0 || char.IsAsciiDigit(name[0]) || !IsLabelName(name)
            ? $"\"{name}\" is not a label name: letters, digits and underscores, not a digit first"
            : name.StartsWith("__", StringComparison.Ordinal) || Array.IndexOf(ReservedLabels, name) >= 0
            ? $"\"{name}\" belongs to Prometheus itself; take another name"
            : null;
        return problem is null;
    }

    private static bool IsLabelName(string name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return true;
    }
}
