using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Pipeline;
using SpanMetrics.Tests.Support;
using SpanMetrics.Tests.Unit;

namespace SpanMetrics.Tests.Component;

[Collection(ComponentGroup.Name)]
public sealed class PrometheusFormatTests
{
    // What each version's features make it ask for.
    private static readonly (string Features, string Format)[] Features =
    [
        ("", "openmetrics"),
        ("exemplar-storage,extra-scrape-metrics", "openmetrics"),
        ("native-histograms", "protobuf"),
        ("native-histograms,exemplar-storage,extra-scrape-metrics", "protobuf"),
        ("created-timestamp-zero-ingestion", "protobuf"),
        ("created-timestamp-zero-ingestion,native-histograms,exemplar-storage", "protobuf"),
    ];

    public static TheoryData<string, string, string> Matrix
    {
        get
        {
            var rows = new TheoryData<string, string, string>();
            foreach (string version in PrometheusServer.Versions)
            {
                foreach ((string features, string format) in Features)
                {
                    if (version != "PROMETHEUS" || !features.Contains("created", StringComparison.Ordinal)) // 2.42 has no such feature
                    {
                        rows.Add(version, format, features);
                    }
                }
            }

            return rows;
        }
    }

    /// <summary>The series are the same ones in every format, down to how a bound is written.</summary>
    [Theory]
    [MemberData(nameof(Matrix))]
    public Task Prometheus_has_every_series_and_value_of_the_page(string version, string format, string features) =>
        HasAllAsync(Captures(), version, format, features.Length == 0 ? [] : ["--enable-feature=" + features]);

    /// <summary>Its parser is the judge of escaping: what a hostile sender names, and the page shows, arrives as it is shown.</summary>
    [Theory]
    [InlineData("openmetrics")]
    [InlineData("protobuf", "--enable-feature=native-histograms")]
    public async Task Prometheus_has_every_hostile_label_value_as_the_page_has_it(string format, params string[] flags)
    {
        Page page = Hostile(new Random(1));
        Assert.True(page.Views.Single(view => view.View.Name == "agent_decisions").SeriesCount > 500);
        foreach (string version in PrometheusServer.Versions)
        {
            await HasAllAsync(page, version, format, flags);
        }
    }

    private static async Task HasAllAsync(Page page, string version, string format, string[] flags)
    {
        Dictionary<string, double> expected = ByIdentity(MetricsPage.Parse(Printed.Text(page, PageFormat.OpenMetrics)).Samples);
        await using ServedSurface served = await ServedSurface.StartAsync(page);
        await using PrometheusServer prometheus = await PrometheusServer.StartVersionAsync(version, served.Address, flags);

        await Eventually.Async(
            async () => await prometheus.ValueAsync($$"""spanmetrics_scrapes_total{format="{{format}}",code="200"}""") > 0,
            TimeSpan.FromSeconds(60), $"a scrape in {format}", () => prometheus.Log);
        IReadOnlyList<Sample> stored = await prometheus.QueryAsync("{job=\"spanmetrics\",__name__!~\"up|scrape_.*|spanmetrics_scrape.*|spanmetrics_build_info\"}");

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

    // Names of all that a text may be made of, and of bytes that are none.
    private static Page Hostile(Random random)
    {
        string[] pieces = ["\"", "\\", "\n", "\r", "\0", "{", "}", ",", "=", "#", " ", "é", "名前", "\u202e", "\u200b", "\ufeff", "😀", "\u0301", "<script>", "__name__", "le", "a", "Z", "9", "\t", "\u2028", "'", "`", "%", "$"];
        var sink = new ReplaySink(Printed.Options);
        for (int i = 0; i < 1_000; i++)
        {
            string name = string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => pieces[random.Next(pieces.Length)]));
            sink.Take(OtlpBytes.Denied(name), isNull: false);
            sink.Take(
                OtlpBytes.Record(name, "kitelogik.tether", OtlpBytes.Span(
                    name, OtlpBytes.Value("kitelogik.tool_name", OtlpBytes.Bytes(1, [.. Enumerable.Range(0, random.Next(20)).Select(_ => (byte)random.Next(256))])))),
                isNull: false);
        }

        return sink.Fold();
    }

    private static Dictionary<string, double> ByIdentity(IEnumerable<Sample> samples) => samples.ToDictionary(
        sample => Printed.Identity(sample with { Labels = sample.Labels.Where(label => label.Key is not "job" and not "instance").ToDictionary() }),
        sample => sample.Value);
}
