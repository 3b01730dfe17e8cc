using SpanMetrics.Aggregation;
using SpanMetrics.Commands;
using SpanMetrics.Configuration;
using SpanMetrics.Exposition;
using SpanMetrics.Ingest;
using SpanMetrics.Pipeline;

namespace SpanMetrics.Tests.Support;

/// <summary>Records through the worker's rooms, with views of one's own that show what the default ones do not.</summary>
internal static class FactReplay
{
    private static readonly Dictionary<string, ViewOptions> OwnViews = new()
    {
        ["agent_ignored_spans"] = new ViewOptions { Match = "ignored", Dimensions = ["service_name", "span_name", "source"] },
        ["agent_operations"] = new ViewOptions { Match = "all", Dimensions = ["service_name", "span_name", "operation", "provider"] },
    };

    /// <param name="settings">As after <c>--set</c>.</param>
    public static PipelineOptions OptionsOf(params string[] settings)
    {
        SpanMetricsOptions options = ConfigurationLoader.Load(file: null, settings, new Dictionary<string, string>());
        return CommonOptions.PipelineOf(options) with { Views = Views.Build(OwnViews), Limits = new AggregationOptions { TraceEntries = 8192 } };
    }

    /// <summary>Borrowed: valid until the next call.</summary>
    public static Page PageOf(PipelineOptions options, IEnumerable<(IReadOnlyList<byte[]> Traces, IReadOnlyList<byte[]> Logs)> captures)
    {
        var sink = new ReplaySink(options);
        foreach ((IReadOnlyList<byte[]> traces, IReadOnlyList<byte[]> logs) in captures)
        {
            foreach (byte[] record in traces)
            {
                sink.Take(record, isNull: false, RecordSignal.Traces);
            }

            foreach (byte[] record in logs)
            {
                sink.Take(record, isNull: false, RecordSignal.Logs);
            }
        }

        return sink.Fold();
    }
}
