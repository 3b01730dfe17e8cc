using SpanMetrics.Commands;
using SpanMetrics.Configuration;
using SpanMetrics.Exposition;
using SpanMetrics.Pipeline;
using SpanMetrics.Tests.Support;
using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Unit;

/// <summary>Names, labels, units and buckets of others. What the collector itself prints is in <see cref="EndToEnd.CollectorProfileTests"/>.</summary>
public sealed class ProfileTests
{
    // Of 1.5 ms and 20 s, and one that ends before it begins.
    private static readonly byte[] Spans = Record(
        "desk", "x",
        Span("get", Varint(6, 3), Fixed64(7, 1_000_000_000), Fixed64(8, 1_001_500_000), Error("no")),
        Span("get", Varint(6, 3), Fixed64(7, 1_000_000_000), Fixed64(8, 21_000_000_000), Error("no"), Attribute("http.method", "GET")),
        Span("put", Fixed64(7, 2), Fixed64(8, 1)));

    // As Tempo's documentation and its source (modules/generator/processor/spanmetrics) name them, and as its registry prints them.
    private const string Tempo = """
        # HELP traces_spanmetrics_calls_total Spans.
        # TYPE traces_spanmetrics_calls_total counter
        traces_spanmetrics_calls_total{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR"} 1
        traces_spanmetrics_calls_total{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",http_method="GET"} 1
        traces_spanmetrics_calls_total{service="desk",span_name="put",span_kind="SPAN_KIND_UNSPECIFIED",status_code="STATUS_CODE_UNSET"} 1
        # HELP traces_spanmetrics_latency Duration of spans.
        # TYPE traces_spanmetrics_latency histogram
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",le="0.002"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",le="0.004"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",le="0.008"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",le="0.016"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",le="0.032"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",le="0.064"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",le="0.128"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",le="0.256"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",le="0.512"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",le="1.024"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",le="2.048"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",le="4.096"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",le="8.192"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",le="16.384"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",le="+Inf"} 1
        traces_spanmetrics_latency_sum{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR"} 0.0015
        traces_spanmetrics_latency_count{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",http_method="GET",le="0.002"} 0
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",http_method="GET",le="0.004"} 0
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",http_method="GET",le="0.008"} 0
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",http_method="GET",le="0.016"} 0
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",http_method="GET",le="0.032"} 0
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",http_method="GET",le="0.064"} 0
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",http_method="GET",le="0.128"} 0
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",http_method="GET",le="0.256"} 0
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",http_method="GET",le="0.512"} 0
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",http_method="GET",le="1.024"} 0
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",http_method="GET",le="2.048"} 0
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",http_method="GET",le="4.096"} 0
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",http_method="GET",le="8.192"} 0
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",http_method="GET",le="16.384"} 0
        traces_spanmetrics_latency_bucket{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",http_method="GET",le="+Inf"} 1
        traces_spanmetrics_latency_sum{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",http_method="GET"} 20
        traces_spanmetrics_latency_count{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",http_method="GET"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="put",span_kind="SPAN_KIND_UNSPECIFIED",status_code="STATUS_CODE_UNSET",le="0.002"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="put",span_kind="SPAN_KIND_UNSPECIFIED",status_code="STATUS_CODE_UNSET",le="0.004"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="put",span_kind="SPAN_KIND_UNSPECIFIED",status_code="STATUS_CODE_UNSET",le="0.008"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="put",span_kind="SPAN_KIND_UNSPECIFIED",status_code="STATUS_CODE_UNSET",le="0.016"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="put",span_kind="SPAN_KIND_UNSPECIFIED",status_code="STATUS_CODE_UNSET",le="0.032"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="put",span_kind="SPAN_KIND_UNSPECIFIED",status_code="STATUS_CODE_UNSET",le="0.064"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="put",span_kind="SPAN_KIND_UNSPECIFIED",status_code="STATUS_CODE_UNSET",le="0.128"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="put",span_kind="SPAN_KIND_UNSPECIFIED",status_code="STATUS_CODE_UNSET",le="0.256"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="put",span_kind="SPAN_KIND_UNSPECIFIED",status_code="STATUS_CODE_UNSET",le="0.512"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="put",span_kind="SPAN_KIND_UNSPECIFIED",status_code="STATUS_CODE_UNSET",le="1.024"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="put",span_kind="SPAN_KIND_UNSPECIFIED",status_code="STATUS_CODE_UNSET",le="2.048"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="put",span_kind="SPAN_KIND_UNSPECIFIED",status_code="STATUS_CODE_UNSET",le="4.096"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="put",span_kind="SPAN_KIND_UNSPECIFIED",status_code="STATUS_CODE_UNSET",le="8.192"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="put",span_kind="SPAN_KIND_UNSPECIFIED",status_code="STATUS_CODE_UNSET",le="16.384"} 1
        traces_spanmetrics_latency_bucket{service="desk",span_name="put",span_kind="SPAN_KIND_UNSPECIFIED",status_code="STATUS_CODE_UNSET",le="+Inf"} 1
        traces_spanmetrics_latency_sum{service="desk",span_name="put",span_kind="SPAN_KIND_UNSPECIFIED",status_code="STATUS_CODE_UNSET"} 0
        traces_spanmetrics_latency_count{service="desk",span_name="put",span_kind="SPAN_KIND_UNSPECIFIED",status_code="STATUS_CODE_UNSET"} 1
        # HELP traces_spanmetrics_size_total Bytes of spans as protobuf.
        # TYPE traces_spanmetrics_size_total counter
        traces_spanmetrics_size_total{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR"} 33
        traces_spanmetrics_size_total{service="desk",span_name="get",span_kind="SPAN_KIND_CLIENT",status_code="STATUS_CODE_ERROR",http_method="GET"} 55
        traces_spanmetrics_size_total{service="desk",span_name="put",span_kind="SPAN_KIND_UNSPECIFIED",status_code="STATUS_CODE_UNSET"} 23

        """;

    [Fact]
    public void Tempos_page_has_its_names_labels_and_buckets_and_no_label_where_an_attribute_is_missing()
    {
        string[] lines = [.. PageOf([Spans], "profile=tempo", "dimensions=[{attribute: http.method}]").Text.Split('\n').Where(line => line.Contains("traces_spanmetrics_", StringComparison.Ordinal))];

        Assert.Equal(Tempo.Split('\n', StringSplitOptions.RemoveEmptyEntries), lines.Where(line => !line.StartsWith("spanmetrics_", StringComparison.Ordinal)));
    }

    [Fact]
    public void Sampled_spans_weigh_in_calls_and_not_in_bytes()
    {
        byte[] half = Span("get", Text(3, "ot=th:8"));

        MetricsPage page = PageOf([Record("desk", "x", half, half)], "profile=tempo");

        Assert.Equal((4, 2 * (half.Length - 2)), (page.Sum("traces_spanmetrics_calls_total"), page.Sum("traces_spanmetrics_size_total")));
    }

    [Theory]
    [InlineData("collector", "traces_span_metrics_calls_total", "traces_span_metrics_duration_milliseconds")]
    [InlineData("tempo", "traces_spanmetrics_calls_total", "traces_spanmetrics_latency")]
    public void A_profile_changes_the_metrics_of_all_spans_and_no_others(string profile, string counter, string histogram)
    {
        byte[][] records = [.. SpanCapture.AllKitelogik().SelectMany(capture => capture.Records)];
        MetricsPage plain = PageOf(records), other = PageOf(records, $"profile={profile}");

        Assert.Equal(Governance(plain), Governance(other));
        Assert.Equal(plain.Sum("traces_spanmetrics_calls_total"), other.Sum(counter));
        Assert.Equal(plain.Sum("traces_spanmetrics_duration_seconds_count"), other.Sum($"{histogram}_count"));
        Assert.Equal(
            ["span_kind", "span_name", "status_code"],
            other.Family(counter).SelectMany(sample => sample.Labels.Keys).Where(label => !label.StartsWith("service", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal));

        static IEnumerable<string> Governance(MetricsPage page) =>
            page.Samples.Where(sample => sample.Name.StartsWith("agent_", StringComparison.Ordinal)).Select(sample => sample.ToString());
    }

    [Fact]
    public void Buckets_are_told_in_seconds_and_printed_in_the_profiles_unit()
    {
        MetricsPage page = PageOf([Spans], "profile=collector", "views.traces_spanmetrics={buckets: [0.0007, 0.07, 1.4], labels: {service_name: service}}");

        Assert.Equal(["0.7", "70", "1400", "+Inf"], page.Family("traces_span_metrics_duration_milliseconds_bucket").Select(bucket => bucket.Labels["le"]).Distinct());
        Assert.Equal(20_001.5, page.Sum("traces_span_metrics_duration_milliseconds_sum", ("service", "desk")));
    }

    [Theory]
    [InlineData("profile=collector", "views.traces_spanmetrics.unit=seconds", "traces_span_metrics_duration_seconds", 20.0015)]
    [InlineData("profile=default", "views.traces_spanmetrics.unit=milliseconds", "traces_spanmetrics_duration_milliseconds", 20_001.5)]
    [InlineData("profile=default", "views.mine={match: all, dimensions: [service_name], unit: milliseconds}", "mine_duration_milliseconds", 20_001.5)]
    public void The_unit_of_a_histogram_can_be_chosen_and_its_name_says_it(string profile, string set, string family, double sum) =>
        Assert.Equal(sum, PageOf([Spans], profile, set).Sum($"{family}_sum"));

    [Fact]
    public void Tempos_latency_stays_in_seconds() =>
        Assert.Contains(
            "traces_spanmetrics_latency does not say its unit",
            Assert.Single(Assert.Throws<ConfigurationException>(() => PageOf([Spans], "profile=tempo", "views.traces_spanmetrics.unit=milliseconds")).Errors),
            StringComparison.Ordinal);

    [Fact]
    public void A_dimension_must_not_have_the_name_of_a_profiles_label() =>
        Assert.StartsWith(
            "--set dimensions: dimensions[0]: \"service\" is a label that is there already",
            Assert.Single(Assert.Throws<ConfigurationException>(() => PageOf([Spans], "profile=tempo", "dimensions=[{attribute: service}]")).Errors),
            StringComparison.Ordinal);

    [Fact]
    public void A_profiles_views_can_be_switched_off()
    {
        MetricsPage page = PageOf([Spans], "profile=tempo", "views.traces_spanmetrics_size.enabled=false");

        Assert.DoesNotContain("traces_spanmetrics_size_total", page.Types.Keys);
        Assert.Contains("traces_spanmetrics_latency", page.Types.Keys);
    }

    [Fact]
    public void Protobuf_says_the_same_in_the_profiles_unit_and_leaves_out_the_same_labels()
    {
        SpanMetricsOptions options = ConfigurationLoader.Load(null, ["profile=collector", "dimensions=[{attribute: http.method}]"], new Dictionary<string, string>());
        var sink = new ReplaySink(CommonOptions.PipelineOf(options));
        sink.Take(Spans, isNull: false);
        Page page = sink.Fold();

        Assert.Equal(
            Printed.Parsed(page).Samples.Where(IsOfAll).Select(sample => sample.ToString()).Order(StringComparer.Ordinal),
            ProtobufPage.Parse(ProtobufPage.Print(page)).SelectMany(ProtobufPage.SamplesOf).Where(IsOfAll).Select(sample => sample.ToString()).Order(StringComparer.Ordinal));

        static bool IsOfAll(Sample sample) => sample.Name.StartsWith("traces_span_metrics_", StringComparison.Ordinal);
    }

    private static MetricsPage PageOf(byte[][] records, params string[] sets) => CorpusReplay.PageOf(records, [], sets);
}
