using System.Text.Json;
using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Pipeline;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Unit;

/// <summary>A worker without Kafka, with what /api/v1/status and /metrics say of it, on a clock of the test's.</summary>
internal sealed class StatusSource
{
    private readonly ReplaySink _sink;
    private readonly ManualTime _time = new();
    private readonly StatusHistory _history;

    public StatusSource(View[]? views = null)
    {
        _sink = new ReplaySink(Printed.Options with { Views = views ?? Printed.DefaultViews });
        _history = new StatusHistory(_time);
    }

    public void Take(params byte[][] records)
    {
        foreach (byte[] record in records)
        {
            _sink.Take(record, isNull: false);
        }
    }

    /// <summary>As a worker's clock does it: a look every ten seconds.</summary>
    public void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(Track.SlotSeconds))
        {
            _time.Advance(TimeSpan.FromSeconds(Track.SlotSeconds));
            _history.Observe(_sink.Fold());
        }
    }

    public MetricsPage Metrics() => Printed.Parsed(_sink.Fold());

    public JsonElement Status(string window = "start", string? service = null)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        Page page = _sink.Fold();
        _history.Observe(page);
        using JsonDocument document = JsonDocument.Parse(Printed.Status(_history, page, window, service));
        return document.RootElement.Clone();
    }

    /// <summary>A decision on a tool call, of a millisecond.</summary>
    public static byte[] Decision(string service, string tool, bool isDenied, int count = 1, byte[]? more = null) => OtlpBytes.Record(
        service, "kitelogik.tether",
        [.. Enumerable.Repeat(
            OtlpBytes.Span(
                "policy_gate.evaluate",
                OtlpBytes.Fixed64(7, 1_000_000), OtlpBytes.Fixed64(8, 2_000_000),
                OtlpBytes.Attribute("kitelogik.tool_name", tool), OtlpBytes.Attribute("kitelogik.policy.allow", !isDenied), OtlpBytes.Attribute("kitelogik.policy.deny", isDenied),
                more ?? []),
            count)]);
}
