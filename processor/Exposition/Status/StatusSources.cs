using SpanMetrics.Aggregation;
using SpanMetrics.Semantics;

namespace SpanMetrics.Exposition;

/// <summary>Which views tell what the page for people shows. Views stay as they are as long as the worker lives.</summary>
internal sealed class StatusSources
{
    private readonly TrackSource[] _each;

    public StatusSources(Page page)
    {
        SeriesTable? toolCalls = Best(page, CountedAs.Tool, null);
        ToolBounds = toolCalls?.View.Buckets ?? [];
        Decisions = From(page, CountedAs.Decision, 0, Dimension.Outcome, 1);
        TrackSource[] tools =
        [
            .. toolCalls is null ? (TrackSource[])[] : [new TrackSource(toolCalls, StatusColumns.Calls, null, 1, StatusColumns.ToolBuckets)],
            .. From(page, CountedAs.UngatedTool, StatusColumns.Ungated, null, 1),
        ];
        TrackSource[] models =
        [
            .. From(page, CountedAs.Llm, StatusColumns.Calls, Dimension.Status, 1),
            .. From(page, CountedAs.Tokens, StatusColumns.Tokens, Dimension.TokenType, 0),
            .. From(page, CountedAs.Cost, StatusColumns.Cost, null, 0),
        ];
        Tools = [.. Decisions, .. tools];
        Models = [.. Decisions, .. models];
        _each = [.. Decisions, .. tools, .. models];
    }

    /// <summary>One, or none.</summary>
    public TrackSource[] Decisions { get; }

    public TrackSource[] Tools { get; }

    public TrackSource[] Models { get; }

    /// <summary>Upper bounds in seconds of the durations of tools.</summary>
    public double[] ToolBounds { get; }

    public void Look(ServiceNames services)
    {
        services.ForgetSymbols();
        Array.ForEach(_each, source => source.Look(services));
    }

    private static TrackSource[] From(Page page, CountedAs match, int first, Dimension? closed, double weight) =>
        Best(page, match, closed) is SeriesTable view ? [new TrackSource(view, first, closed, weight)] : [];

    // Of the views that count this, the one that tells most of it: another would count the same once more.
    private static SeriesTable? Best(Page page, CountedAs match, Dimension? closed)
    {
        SeriesTable? best = null;
        int most = -1;
        foreach (SeriesTable view in page.Views)
        {
            Dimension[] told = view.View.Dimensions;
            int tells = 0;
            foreach (Dimension wanted in (ReadOnlySpan<Dimension>)[Dimension.ServiceName, Dimension.Tool, Dimension.Model, Dimension.RiskTier])
            {
                tells += Array.IndexOf(told, wanted) >= 0 ? 1 : 0;
            }

            if (view.View.Match == match && tells > most && (closed is null || Array.IndexOf(told, closed.Value) >= 0))
            {
                (best, most) = (view, tells);
            }
        }

        return best;
    }
}
