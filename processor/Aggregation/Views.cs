using SpanMetrics.Diagnostics;
using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>The default views, and those that the configuration makes of them and beside them.</summary>
internal static class Views
{
    // A span is looked up in each of them.
    private const int MostViews = 50;

    // A policy engine answers in a fraction of a millisecond; its time-out is seconds.
    private static readonly double[] DecisionBuckets = [.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10];

    // The GenAI convention's, for what a model or an agent takes.
    private static readonly double[] ModelBuckets = [.01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

    // MCP's.
    private static readonly double[] ToolBuckets = [.01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 30, 60, 120, 300];

    private static readonly View[] Governance =
    [
        new()
        {
            Name = "agent_decisions",
            CounterFamily = "agent_decisions_total",
            CounterHelp = "Policy decisions, a gateway's on requests too.",
            HistogramFamily = "agent_decision_duration_seconds",
            HistogramHelp = "Time that policy decisions took, or the requests that a gateway decided on.",
            Match = CountedAs.Decision,
            Dimensions =
            [
                Dimension.ServiceName, Dimension.Agent, Dimension.Tool, Dimension.Model, Dimension.RiskTier,
                Dimension.Outcome, Dimension.Deny, Dimension.Reason, Dimension.Event, Dimension.Source,
            ],
            Buckets = DecisionBuckets,
        },
        new()
        {
            Name = "agent_tool_calls",
            CounterFamily = "agent_tool_calls_total",
            CounterHelp = "Tool calls that were tried.",
            HistogramFamily = "agent_tool_call_duration_seconds",
            HistogramHelp = "Time that tool calls took.",
            Match = CountedAs.Tool,
            Dimensions = [Dimension.ServiceName, Dimension.Agent, Dimension.Tool, Dimension.Model, Dimension.Outcome, Dimension.Status, Dimension.Source],
            Buckets = ToolBuckets,
        },
        new()
        {
            Name = "agent_ungated_tool_calls",
            CounterFamily = "agent_ungated_tool_calls_total",
            CounterHelp = "Tool calls without a decision on them in their trace or conversation.",
            Match = CountedAs.UngatedTool,
            Dimensions = [Dimension.ServiceName, Dimension.Agent, Dimension.Tool, Dimension.Source],
        },
        new()
        {
            Name = "agent_model_calls",
            CounterFamily = "agent_model_calls_total",
            CounterHelp = "Calls of language models.",
            HistogramFamily = "agent_model_call_duration_seconds",
            HistogramHelp = "Time that models took.",
            Match = CountedAs.Llm,
            Dimensions = [Dimension.ServiceName, Dimension.Agent, Dimension.Model, Dimension.Provider, Dimension.Operation, Dimension.Status, Dimension.Source],
            Buckets = ModelBuckets,
        },
        new()
        {
            Name = "agent_tokens",
            CounterFamily = "agent_tokens_total",
            CounterHelp = "Tokens that models read and wrote, by type. Cached and reasoning tokens are told beside input and output, never added to them.",
            Match = CountedAs.Tokens,
            Dimensions = [Dimension.ServiceName, Dimension.Agent, Dimension.Model, Dimension.Provider, Dimension.TokenType, Dimension.Source],
        },
        new()
        {
            Name = "agent_cost_usd",
            CounterFamily = "agent_cost_usd_total",
            CounterHelp = "What model calls cost in US dollars, where spans say it.",
            Match = CountedAs.Cost,
            Dimensions = [Dimension.ServiceName, Dimension.Agent, Dimension.Model, Dimension.Provider, Dimension.Source],
        },
        new()
        {
            Name = "agent_runs",
            CounterFamily = "agent_runs_total",
            CounterHelp = "Runs of agents.",
            HistogramFamily = "agent_run_duration_seconds",
            HistogramHelp = "Time that runs of agents took.",
            Match = CountedAs.Agent,
            Dimensions = [Dimension.ServiceName, Dimension.Agent, Dimension.Operation, Dimension.Status, Dimension.Source],
            Buckets = ModelBuckets,
        },
        new()
        {
            Name = "agent_delegations",
            CounterFamily = "agent_delegations_total",
            CounterHelp = "Hand-overs from one agent to another.",
            HistogramFamily = "agent_delegation_duration_seconds",
            HistogramHelp = "Time that hand-overs took.",
            Match = CountedAs.Delegation,
            Dimensions = [Dimension.ServiceName, Dimension.Agent, Dimension.Target, Dimension.Status, Dimension.Source],
            Buckets = ModelBuckets,
        },
        new()
        {
            Name = "agent_sanitizer_runs",
            CounterFamily = "agent_sanitizer_runs_total",
            CounterHelp = "Checks of tools' answers.",
            Match = CountedAs.Sanitizer,
            Dimensions = [Dimension.ServiceName, Dimension.Modified, Dimension.Source],
        },
        new()
        {
            Name = "agent_mcp_server_calls",
            CounterFamily = "agent_mcp_server_calls_total",
            CounterHelp = "Calls as MCP servers see them, beside the clients' own spans.",
            Match = CountedAs.McpServer,
            Dimensions = [Dimension.ServiceName, Dimension.Tool, Dimension.Status, Dimension.Source],
        },
        new()
        {
            Name = "agent_log_events",
            CounterFamily = "agent_log_events_total",
            CounterHelp = "Log records with an event's name.",
            Match = CountedAs.LogEvent,
            Dimensions = [Dimension.ServiceName, Dimension.Event, Dimension.Provider, Dimension.Source],
            LabelNames = ["service_name", "event_name", "provider", "source"],
        },
    ];

    /// <summary>The views in effect.</summary>
    /// <param name="options">By view.</param>
    /// <param name="reportError">Gets the key and what is wrong, once for each mistake; null for options that have been checked.</param>
    /// <param name="profile">Whose names the metrics of all spans have.</param>
    /// <param name="dimensions">Those that the configuration adds: labels of all spans, and of views that name them.</param>
    public static View[] Build(
        IReadOnlyDictionary<string, ViewOptions> options, Action<string, string>? reportError = null, Profile profile = Profile.Default, IReadOnlyList<DimensionOptions>? dimensions = null)
    {
        reportError ??= (_, _) => { };
        View[] ofSpans = ProfileViews.Of(profile);
        string[] ownNames = ViewBuilder.OwnNames(dimensions ?? [], ofSpans, reportError);
        var ofAll = new List<int>();
        for (int i = 0; i < ownNames.Length; i++)
        {
            if (ownNames[i].Length > 0)
            {
                ofAll.Add(i);
            }
        }

        View[] defaults = [.. Array.ConvertAll(ofSpans, view => view with { Own = [.. ofAll] }), .. Governance];
        string[] names = Array.ConvertAll(defaults, view => view.Name);
        var views = new List<View>();
        foreach (View view in defaults)
        {
            Add(view, options.GetValueOrDefault(view.Name, new ViewOptions()));
        }

        foreach ((string name, ViewOptions own) in options)
        {
            if (Array.IndexOf(names, name) >= 0)
            {
                continue;
            }

            if (own.Match is null || own.Dimensions is null)
            {
                reportError($"views.{name}", $"there is no view \"{name}\" ({NearestName.Hint(name, names)}), and a view of your own needs match and dimensions");
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
            View built = new ViewBuilder(view, change, ownNames, reportError).Build();
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
    public static ViewOptions OptionsOf(View view, AggregationOptions limits, IReadOnlyList<DimensionOptions> dimensions)
    {
        var options = new ViewOptions
        {
            Match = CountedAsText.NameOf(view.Match),
            Dimensions = [.. Array.ConvertAll(view.Dimensions, DimensionText.NameOf), .. Array.ConvertAll(view.Own, own => dimensions[own].LabelName())],
            Buckets = view.HistogramFamily is null ? null : [.. view.Buckets],
            Unit = view.HistogramFamily is null ? null : view.Unit,
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
        HistogramFamily = CountedAsText.Parse(match) is CountedAs.Tokens or CountedAs.Cost or CountedAs.LogEvent or CountedAs.SpanBytes ? null : $"{name}_duration_seconds",
        Match = CountedAs.Span,
        Dimensions = [],
        Buckets = CountedAsText.Parse(match) switch
        {
            CountedAs.Decision => DecisionBuckets,
            CountedAs.Llm or CountedAs.Agent or CountedAs.Delegation => ModelBuckets,
            CountedAs.Tool or CountedAs.McpServer or CountedAs.UngatedTool => ToolBuckets,
            CountedAs.Tokens or CountedAs.Cost or CountedAs.LogEvent or CountedAs.SpanBytes => [],
            _ => ProfileViews.SpanBuckets,
        },
    };

    // In the text format samples must differ; in OpenMetrics also the families, a counter's being without _total.
    private static bool Collide(View one, View other) => Array.Exists(PrintedNames(one), name => Array.IndexOf(PrintedNames(other), name) >= 0);

    private static string[] PrintedNames(View view) =>
    [
        view.CounterFamily, view.CounterFamily[..^"_total".Length], $"{view.CounterFamily[..^"_total".Length]}_created",
        .. view.HistogramFamily is string histogram ? (string[])[histogram, $"{histogram}_bucket", $"{histogram}_sum", $"{histogram}_count", $"{histogram}_created"] : [],
    ];
}
