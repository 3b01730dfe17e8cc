using System.Text;
using SpanMetrics.Otlp;
using SpanMetrics.Semantics;
using SpanMetrics.Tests.Support;
using SpanMetrics.Tests.Unit;
using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.EndToEnd;

/// <summary>The page of a real collector beside that of <c>profile: collector</c>, for the same requests. docs/profiles.md lists what may differ.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class CollectorProfileTests
{
    private const string Calls = "traces_span_metrics_calls_total";

    // Who sent it, and through which collector: what a page of many processes needs, and a page of one has from its scrape.
    private static readonly string[] Dropped = ["collector_instance_id", "instance", "job", "otel_scope_name", "otel_scope_schema_url", "otel_scope_version"];

    // Dimensions of what captures lack: a number, a resource's attribute behind a span's, keys that make no label's name.
    private static readonly byte[] Odd = ResourceSpans(
        Resource(ResourceAttribute("service.name", "odd"), ResourceAttribute("acme.tier", "of the resource")),
        ScopeSpans(
            Span("a", Fixed64(7, 1_000), Fixed64(8, 5_000_001_000), Attribute("acme.tier", "of the span"), Attribute("acme.n", 7L), Attribute("9-lives.x", true)),
            Span("a", Fixed64(7, 1_000), Fixed64(8, 2_001_000), Attribute("acme.n", 7L)),
            Span("a", Fixed64(7, 1_000), Fixed64(8, 2_001_001))));

    [Theory]
    [InlineData("ms", "milliseconds")]
    [InlineData("s", "seconds")]
    public async Task The_collector_prints_the_same_series_with_the_same_values(string unit, string word)
    {
        byte[][] requests = [.. CaptureRecords.All().Where(capture => capture.Signal == Signal.Traces).Select(capture => capture.Bytes), Odd];
        MetricsPage ours = CorpusReplay.PageOf(
            requests, [], "profile=collector", "adjusted_counts=false", $"views.traces_spanmetrics.unit={word}",
            "dimensions=[{attribute: kitelogik.policy.deny}, {attribute: kitelogik.tool_name}, {attribute: gen_ai.request.model}, {attribute: acme.tier}, {attribute: acme.n}, {attribute: 9-lives.x}, {attribute: telemetry.sdk.language, default: unknown}]");
        MetricsPage theirs = await CollectorsPageAsync(unit, requests, ours.Sum(Calls));

        Dictionary<string, double> expected = Series(theirs), actual = Series(ours);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected, series => Assert.Equal(series.Value, actual[series.Key], Math.Abs(series.Value) * 1e-9)); // sums: theirs are added up as doubles
        Assert.Equal(Types(theirs), Types(ours));
        Assert.Equal((2, 16 + 1), (Types(ours).Count(), expected.Keys.Count(key => key.Contains("_bucket", StringComparison.Ordinal) && key.Contains("9_lives", StringComparison.Ordinal))));
    }

    // By default the connector adds up by whole resources, of which its exporter then shows one for each service and instance: the others' spans are gone.
    private static async Task<MetricsPage> CollectorsPageAsync(string unit, byte[][] requests, double spans)
    {
        int pagePort = FreePort.Next();
        await using var collector = await Collector.StartAsync(port => $$"""
            receivers:
              otlp:
                protocols:
                  http: { endpoint: "127.0.0.1:{{port}}" }
            connectors:
              span_metrics:
                metrics_flush_interval: 1s
                resource_metrics_key_attributes: [service.name, service.instance.id]
                histogram: { unit: {{unit}} }
                dimensions:
                  - { name: kitelogik.policy.deny }
                  - { name: kitelogik.tool_name }
                  - { name: gen_ai.request.model }
                  - { name: acme.tier }
                  - { name: acme.n }
                  - { name: 9-lives.x }
                  - { name: telemetry.sdk.language, default: unknown }
            exporters:
              prometheus: { endpoint: "127.0.0.1:{{pagePort}}" }
            service:
              pipelines:
                traces: { receivers: [otlp], exporters: [span_metrics] }
                metrics: { receivers: [span_metrics], exporters: [prometheus] }
              telemetry:
                logs: { level: warn }
                metrics: { level: none }
            """);
        foreach (byte[] request in requests)
        {
            await collector.ExportAsync(request);
        }

        using var client = new HttpClient();
        MetricsPage page = MetricsPage.Parse("");
        await Eventually.Async(
            async () => (page = MetricsPage.Parse(await client.GetStringAsync(new Uri($"http://127.0.0.1:{pagePort}/metrics")))).Sum(Calls) >= spans,
            TimeSpan.FromSeconds(60),
            $"{spans} calls on the collector's page",
            () => $"{page.Sum(Calls)} calls\n{collector.Describe()}");
        return page;
    }

    // Values as this worker shows them, and series that differ only by the process that sent them as one.
    private static Dictionary<string, double> Series(MetricsPage page) => page.Samples
        .Where(sample => sample.Name.StartsWith("traces_span_metrics_", StringComparison.Ordinal))
        .GroupBy(sample => Printed.Identity(sample with
        {
            Labels = sample.Labels.Where(label => !Dropped.Contains(label.Key)).ToDictionary(label => label.Key, label => label.Key == "le" || label.Value.Length == 0 ? label.Value : LabelOf(label.Value)),
        }))
        .ToDictionary(series => series.Key, series => series.Sum(sample => sample.Value));

    private static IEnumerable<string> Types(MetricsPage page) =>
        page.Types.Where(type => type.Key.StartsWith("traces_span_metrics_", StringComparison.Ordinal)).Select(type => $"{type.Key} {type.Value}").Order(StringComparer.Ordinal);

    private static string LabelOf(string value) => Encoding.UTF8.GetString(LabelValue.Of(Encoding.UTF8.GetBytes(value)));
}
