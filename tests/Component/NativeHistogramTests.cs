using System.Globalization;
using System.Text.Json;
using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Semantics;
using SpanMetrics.Tests.Support;
using SpanMetrics.Tests.Unit;

namespace SpanMetrics.Tests.Component;

/// <summary>What a real Prometheus answers of native histograms and exemplars.</summary>
[Collection(ComponentGroup.Name)]
public sealed class NativeHistogramTests
{
    private const string Family = "agent_decision_duration_seconds";
    private const string Flags = "--enable-feature=native-histograms,exemplar-storage";

    [Theory]
    [InlineData(nameof(Histograms.Native))]
    [InlineData(nameof(Histograms.Both))]
    public async Task Prometheus_has_every_native_histogram_with_its_buckets_and_quantiles(string histograms)
    {
        Page page = NativeProtobufTests.Captures(Enum.Parse<Histograms>(histograms));
        SeriesTable table = page.Views.Single(view => view.View.HistogramFamily == Family);
        NativeBuckets native = table.View.Native!;
        await using ServedSurface served = await ServedSurface.StartAsync(page);
        await using PrometheusServer prometheus = await ScrapedAsync(served, Flags);

        JsonElement.ArrayEnumerator series = (await prometheus.GetAsync($"/api/v1/query?query={Family}")).GetProperty("result").EnumerateArray();
        Assert.Equal(Enumerable.Range(0, table.SeriesCount).Count(number => table[number].Observed > 0), series.Count());
        foreach (JsonElement one in series)
        {
            double[] expected = table[SeriesOf(table, one.GetProperty("metric"))].NativeBuckets.ToArray();
            JsonElement histogram = one.GetProperty("histogram")[1];
            Assert.Equal(expected.Sum(), Number(histogram.GetProperty("count")));
            Assert.Equal(expected.Where(count => count > 0), histogram.GetProperty("buckets").EnumerateArray().Select(bucket => Number(bucket[3])));
            Assert.Equal(
                native.Bounds.Append(native.Bounds[^1] * Math.Pow(2, Math.Pow(2, -native.Schema))).Where((_, bucket) => expected[bucket] > 0),
                histogram.GetProperty("buckets").EnumerateArray().Select(bucket => Number(bucket[2])),
                (bound, theirs) => Math.Abs(bound - theirs) < bound * 1e-12);
        }

        double? median = await prometheus.ValueAsync($"histogram_quantile(.5, sum({Family}))");
        double half = 0, all = (await prometheus.ValueAsync($"histogram_count(sum({Family}))"))!.Value;
        int at = 0;
        while (half < all / 2)
        {
            half += Enumerable.Range(0, table.SeriesCount).Sum(number => table[number].NativeBuckets[at]);
            at++;
        }

        Assert.InRange(median!.Value, at == 1 ? 0 : native.Bounds[at - 2], native.Bounds[at - 1]);
        Assert.Equal("", prometheus.Log);
    }

    [Theory]
    [InlineData(nameof(Histograms.Classic), "--enable-feature=exemplar-storage")]
    [InlineData(nameof(Histograms.Classic), Flags)]
    [InlineData(nameof(Histograms.Native), Flags)]
    public async Task Prometheus_answers_with_the_exemplars_of_the_page(string histograms, string flags)
    {
        Page page = NativeProtobufTests.Captures(Enum.Parse<Histograms>(histograms));
        IReadOnlyList<ShownExemplar> shown = ShownExemplar.AllOf(Printed.Text(page, PageFormat.OpenMetrics));
        await using ServedSurface served = await ServedSurface.StartAsync(page);
        await using PrometheusServer prometheus = await ScrapedAsync(served, flags);

        string histogram = histograms == nameof(Histograms.Native) ? Family : Family + "_bucket";
        List<(string Series, string Exemplar)> counted = await ExemplarsAsync(prometheus, "agent_decisions_total{deny=\"true\"}");
        List<(string Series, string Exemplar)> timed = await ExemplarsAsync(prometheus, $"histogram_quantile(.99, sum by (le) (rate({histogram}[1m])))");

        // Up to 2.45 it keeps one of each native histogram, and 3.5 only those of the first series: the parser does not go back to the first
        // exemplar for the next one.
        bool forgets = histogram == Family && (await prometheus.GetAsync("/api/v1/status/buildinfo")).GetProperty("version").GetString()!.StartsWith("3.", StringComparison.Ordinal);
        Assert.Equal(shown.Count(one => one.Sample.Name == "agent_decisions_total" && one.Sample.Labels["deny"] == "true"), counted.Count);
        Assert.InRange(timed.Select(one => one.Series).Distinct().Count(), forgets ? 1 : SeriesOf(shown), SeriesOf(shown));
        Assert.Subset(shown.Select(one => $"{one.Trace} {one.Labels["span_id"]} {one.UnixSeconds:R}").ToHashSet(), counted.Concat(timed).Select(one => one.Exemplar).ToHashSet());
        Assert.Equal("", prometheus.Log);
    }

    [Fact]
    public async Task Fractions_of_sampled_spans_are_counts_of_Prometheus_too()
    {
        var worker = new OneWorker([Printed.DefaultViews.Single(view => view.HistogramFamily == Family) with { Histograms = Histograms.Native }], new AggregationOptions());
        worker.Count(new SentDecision("s", "a", Outcome.Deny, RiskTier.None, 20_000, 2.25));
        worker.Count(new SentDecision("s", "a", Outcome.Deny, RiskTier.None, 500_000_000, 1.25));
        worker.Count(new SentDecision("s", "a", Outcome.Deny, RiskTier.None, 3_000_000_000, 1));
        await using ServedSurface served = await ServedSurface.StartAsync(new Page { Views = worker.Fold().Views, Own = [] });
        await using PrometheusServer prometheus = await ScrapedAsync(served, Flags);

        JsonElement histogram = (await prometheus.GetAsync($"/api/v1/query?query={Family}")).GetProperty("result")[0].GetProperty("histogram")[1];
        Assert.Equal(4.5, Number(histogram.GetProperty("count")));
        Assert.Equal([2.25, 1.25, 1], histogram.GetProperty("buckets").EnumerateArray().Select(bucket => Number(bucket[3])));
    }

    // With exemplars in their buckets.
    private static int SeriesOf(IEnumerable<ShownExemplar> shown) =>
        shown.Where(one => one.Sample.Name == Family + "_bucket").Select(one => Printed.Identity(one.Sample with { Labels = Without(one.Sample.Labels, "le") })).Distinct().Count();

    // By series, whichever of its buckets they stand with.
    private static async Task<List<(string Series, string Exemplar)>> ExemplarsAsync(PrometheusServer prometheus, string query)
    {
        JsonElement answer = await prometheus.GetAsync($"/api/v1/query_exemplars?query={Uri.EscapeDataString(query)}&start=0&end={DateTimeOffset.UtcNow.ToUnixTimeSeconds()}");
        return
        [
            .. from series in answer.EnumerateArray()
               let labels = series.GetProperty("seriesLabels").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!)
               from exemplar in series.GetProperty("exemplars").EnumerateArray()
               let ids = exemplar.GetProperty("labels")
               select (Printed.Identity(new Sample("", Without(labels, "le"), 0)), $"{ids.GetProperty("trace_id")} {ids.GetProperty("span_id")} {exemplar.GetProperty("timestamp").GetDouble():R}"),
        ];
    }

    private static Dictionary<string, string> Without(IReadOnlyDictionary<string, string> labels, string name) => labels.Where(label => label.Key != name).ToDictionary();

    // Some scrapes, so that what it thinks of exemplars that it has already is in its log.
    private static async Task<PrometheusServer> ScrapedAsync(ServedSurface served, string flags)
    {
        PrometheusServer prometheus = await PrometheusServer.StartAsync(served.Address, flags);
        await Eventually.Async(
            async () => await prometheus.ValueAsync("sum(spanmetrics_scrapes_total)") > 1,
            TimeSpan.FromSeconds(60), "two scrapes", () => prometheus.Log);
        Assert.Equal(1, await prometheus.ValueAsync("up"));
        return prometheus;
    }

    private static int SeriesOf(SeriesTable table, JsonElement labels) => Enumerable.Range(0, table.SeriesCount).Single(series =>
        table.View.LabelNames.Index().All(label => labels.GetProperty(label.Item).GetString() == System.Text.Encoding.UTF8.GetString(table.LabelOf(series, label.Index))));

    private static double Number(JsonElement text) => double.Parse(text.GetString()!, CultureInfo.InvariantCulture);
}
