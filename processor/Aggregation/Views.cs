using SpanMetrics.Diagnostics;
using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>The default views, and those that the configuration makes of them and beside them.</summary>
internal static class Views
{
    // A span is looked up in each of them.
    private const int MostViews = 50;

    // The collector's span_metrics connector, in seconds.
    private static readonly double[] SpanBuckets = [.002, .004, .006, .008, .01, .05, .1, .2, .4, .8, 1, 1.4, 2, 5, 10, 15];

    // A policy engine answers in a fraction of a millisecond; its time-out is seconds.
    private static readonly double[] DecisionBuckets = [.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10];

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

    private static readonly string[] Names = Array.ConvertAll(Defaults, view => view.Name);

    /// <summary>The views in effect, of options that have been checked.</summary>
    public static View[] Build(IReadOnlyDictionary<string, ViewOptions> options) => Build(options, (_, _) => { });

    /// <summary>The views in effect; <paramref name="reportError"/> gets the key and what is wrong, once for each mistake.</summary>
    public static View[] Build(IReadOnlyDictionary<string, ViewOptions> options, Action<string, string> reportError)
    {
        var views = new List<View>();
        foreach (View view in Defaults)
        {
            Add(view, options.GetValueOrDefault(view.Name, new ViewOptions()));
        }

        foreach ((string name, ViewOptions own) in options)
        {
            if (Array.IndexOf(Names, name) >= 0)
            {
                continue;
            }

            if (own.Match is null || own.Dimensions is null)
            {
                reportError($"views.{name}", $"there is no view \"{name}\" ({NearestName.Hint(name, Names)}), and a view of your own needs match and dimensions");
            }
            else
            {
                Add(New(name, own.Match), own);
            }
        }

        if (views.Count is 0 or > MostViews)
        {
            reportError("views", views.Count == 0 ? "all views are switched off; leave one on" : $"{views.Count} views are too many; {MostViews} are the most");
        }

        return [.. views];

        void Add(View view, ViewOptions change)
        {
            View built = new ViewBuilder(view, change, reportError).Build();
            if (change.Enabled)
            {
                if (views.Find(other => Collide(other, built)) is View other)
                {
                    reportError($"views.{view.Name}", $"the view {other.Name} has families of these names; take another name");
                }

                views.Add(built);
            }
        }
    }

    /// <summary>The options that give this view, with nothing left out.</summary>
    public static ViewOptions OptionsOf(View view, AggregationOptions limits)
    {
        var options = new ViewOptions
        {
            Match = view.Match is SpanClass match ? DimensionText.Classes[(int)match] : ViewBuilder.AllClasses,
            Dimensions = [.. Array.ConvertAll(view.Dimensions, DimensionText.NameOf)],
            Buckets = [.. view.Buckets],
            Series = view.SeriesLimit ?? limits.Series,
        };
        for (int i = 0; i < view.LabelNames.Length; i++)
        {
            if (view.LabelNames[i] != options.Dimensions[i])
            {
                options.Labels.Add(options.Dimensions[i], view.LabelNames[i]);
            }
        }

        return options;
    }

    private static View New(string name, string match) => new()
    {
        Name = name,
        CounterFamily = $"{name}_total",
        CounterHelp = "",
        HistogramFamily = $"{name}_duration_seconds",
        HistogramHelp = "",
        Match = null,
        Dimensions = [],
        LabelNames = [],
        Buckets = match == DimensionText.Classes[(int)SpanClass.Decision] ? DecisionBuckets : SpanBuckets,
    };

    // In the text format samples must differ; in OpenMetrics also the families, a counter's being without _total.
    private static bool Collide(View one, View other) => Array.Exists(PrintedNames(one), name => Array.IndexOf(PrintedNames(other), name) >= 0);

    private static string[] PrintedNames(View view) =>
    [
        view.CounterFamily, view.CounterFamily[..^"_total".Length],
        view.HistogramFamily, $"{view.HistogramFamily}_bucket", $"{view.HistogramFamily}_sum", $"{view.HistogramFamily}_count",
    ];
}
