using SpanMetrics.Commands;
using SpanMetrics.Configuration;
using SpanMetrics.Ingest;
using SpanMetrics.Pipeline;
using SpanMetrics.Tests.Unit;

namespace SpanMetrics.Tests.Support;

/// <summary>Records through the worker's rooms, without Kafka, and the page that comes out.</summary>
internal static class CorpusReplay
{
    /// <summary>Read a gateway's decisions from its access log instead of its spans.</summary>
    public const string DecisionsFromLogs = "gateway_decisions=logs";

    /// <param name="settings">As after <c>--set</c>.</param>
    public static MetricsPage PageOf(IEnumerable<byte[]> traces, IEnumerable<byte[]> logs, params string[] settings)
    {
        var options = ConfigurationLoader.Load(file: null, settings, new Dictionary<string, string>());
        var sink = new ReplaySink(CommonOptions.PipelineOf(options));
        foreach (var record in traces)
        {
            sink.Take(record, isNull: false, RecordSignal.Traces);
        }

        foreach (var record in logs)
        {
            sink.Take(record, isNull: false, RecordSignal.Logs);
        }

        return Printed.Parsed(sink.Fold());
    }
}
