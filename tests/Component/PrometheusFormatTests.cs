using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Pipeline;
using SpanMetrics.Tests.Support;
using SpanMetrics.Tests.Unit;

namespace SpanMetrics.Tests.Component;

[Collection(ComponentGroup.Name)]
public sealed class PrometheusFormatTests
{
    /// <summary>Without the flag it asks for OpenMetrics, with it for protobuf. The series are the same ones, down to how a bound is written.</summary>
    [Theory]
    [InlineData("openmetrics")]
    [InlineData("protobuf", "--enable-feature=native-histograms")]
    public async Task Prometheus_has_every_series_and_value_of_the_page(string format, params string[] flags)
    {
        Page page = Captures();
        Dictionary<string, double> expected = ByIdentity(MetricsPage.Parse(Printed.Text(page, PageFormat.OpenMetrics)).Samples);
        await using ServedSurface served = await ServedSurface.StartAsync(page);
        await using PrometheusServer prometheus = await PrometheusServer.StartAsync(served.Address, flags);

        await Eventually.Async(
            async () => await prometheus.ValueAsync($$"""spanmetrics_scrapes_total{format="{{format}}",code="200"}""") > 0,
            TimeSpan.FromSeconds(60), $"a scrape in {format}", () => prometheus.Log);
        IReadOnlyList<Sample> stored = await prometheus.QueryAsync("{job=\"spanmetrics\",__name__!~\"up|scrape_.*|spanmetrics_scrapes_total|spanmetrics_build_info\"}");

        Assert.Equal(1, await prometheus.ValueAsync("up"));
        Assert.Equal(expected, ByIdentity(stored));
        Assert.Equal("", prometheus.Log);
    }

    private static Page Captures()
    {
        var bounds = new Dictionary<string, ViewOptions> { ["agent_decisions"] = new() { Buckets = [.00001, .000025, .0001, 1, 2.5, 100] } };
        var sink = new ReplaySink(Printed.Options with { Views = Views.Build(bounds) });
        foreach (byte[] record in SpanCapture.AllKitelogik().SelectMany(capture => capture.Records))
        {
            sink.Take(record, isNull: false);
        }

        return sink.Fold();
    }

    private static Dictionary<string, double> ByIdentity(IEnumerable<Sample> samples) => samples.ToDictionary(
        sample => Printed.Identity(sample with { Labels = sample.Labels.Where(label => label.Key is not "job" and not "instance").ToDictionary() }),
        sample => sample.Value);
}
