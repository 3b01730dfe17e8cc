using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>The views of all spans, by profile. Those of the collector and of Tempo are theirs to the letter: dashboards and rules ask for them.</summary>
internal static class ProfileViews
{
    /// <summary>The collector's span_metrics connector, in seconds; the project's own too.</summary>
    public static readonly double[] SpanBuckets = [.002, .004, .006, .008, .01, .05, .1, .2, .4, .8, 1, 1.4, 2, 5, 10, 15];

    // Tempo's: 0.002 doubled thirteen times.
    private static readonly double[] TempoBuckets = [.002, .004, .008, .016, .032, .064, .128, .256, .512, 1.024, 2.048, 4.096, 8.192, 16.384];

    private static readonly Dimension[] Red = [Dimension.ServiceName, Dimension.SpanName, Dimension.SpanKind, Dimension.StatusCode];
    private static readonly string[] TempoLabels = ["service", "span_name", "span_kind", "status_code"];

    private static readonly View Own = new()
    {
        Name = "traces_spanmetrics",
        CounterFamily = "traces_spanmetrics_calls_total",
        CounterHelp = "Spans.",
        HistogramFamily = "traces_spanmetrics_duration_seconds",
        HistogramHelp = "Duration of spans.",
        Match = CountedAs.Span,
        Dimensions = [.. Red, Dimension.Deny, Dimension.RiskTier, Dimension.Tool, Dimension.Model],
        Buckets = SpanBuckets,
    };

    /// <summary>The first one has <see cref="View.Name"/> of the default profile, so that a configuration can change it in any.</summary>
    public static View[] Of(Profile profile) => profile switch
    {
        Profile.Collector =>
        [
            Own with
            {
                CounterFamily = "traces_span_metrics_calls_total",
                HistogramFamily = "traces_span_metrics_duration_milliseconds",
                Unit = DurationUnit.Milliseconds,
                Dimensions = Red,
            },
        ],
        Profile.Tempo =>
        [
            Own with { HistogramFamily = "traces_spanmetrics_latency", Dimensions = Red, LabelNames = TempoLabels, Buckets = TempoBuckets },
            Own with
            {
                Name = "traces_spanmetrics_size",
                CounterFamily = "traces_spanmetrics_size_total",
                CounterHelp = "Bytes of spans as protobuf.",
                HistogramFamily = null,
                Match = CountedAs.SpanBytes,
                Dimensions = Red,
                LabelNames = TempoLabels,
                Buckets = [],
            },
        ],
        _ => [Own],
    };
}
