using SpanMetrics.Aggregation;
using SpanMetrics.Configuration;
using SpanMetrics.Pipeline;

namespace SpanMetrics.Perf;

/// <summary>Pipelines to measure.</summary>
internal static class Pipelines
{
    /// <summary>So high that nothing overflows.</summary>
    public static readonly AggregationOptions NoLimits = new() { Series = 10_000_000, LabelValues = 10_000_000, TraceEntries = 1_000 };

    public static View[] Default => Views.Build(new Dictionary<string, ViewOptions>());

    /// <summary>Of one view: service, span, kind, status, deny, tier, tool and model, with 16 buckets.</summary>
    public static ReplaySink OneView(AggregationOptions limits) => new(Options(Default[..1], limits));

    public static ReplaySink AllViews(AggregationOptions limits) => new(Options(Default, limits));

    public static PipelineOptions Options(View[] views, AggregationOptions limits) => new() { Views = views, Rules = Emitters.Rules, Limits = limits };
}
