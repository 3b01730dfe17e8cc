using System.Text;
using SpanMetrics.Pipeline;
using SpanMetrics.Semantics;
using SpanMetrics.Tests.Support;
using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Unit;

public sealed class AdjustedCountTests
{
    [Theory]
    [InlineData("ot=th:0", 1)]
    [InlineData("ot=th:4", 4 / 3d)]
    [InlineData("ot=th:8", 2)]
    [InlineData("ot=th:c", 4)]
    [InlineData("ot=th:C", 4)]
    [InlineData("ot=th:e", 8)]
    [InlineData("ot=th:c0", 4)]
    [InlineData("ot=th:c0000000000000", 4)]
    [InlineData("ot=th:fffc", 16384)]
    [InlineData("ot=th:fffff", 1 << 20)]
    public void A_threshold_is_the_share_that_was_dropped(string traceState, double count) => Assert.Equal(count, Of(traceState));

    /// <summary>As samplers write one percent, with fewer digits and with all.</summary>
    [Theory]
    [InlineData("ot=th:fd70a4", 1e-4)]
    [InlineData("ot=th:fd70a3d70a3d7", 1e-9)]
    [InlineData("ot=th:fd70a3d70a3d71", 1e-11)]
    public void One_percent_counts_about_a_hundred(string traceState, double tolerance) => Assert.Equal(100, Of(traceState), tolerance);

    [Theory]
    [InlineData("")]
    [InlineData("ot=")]
    [InlineData("ot=th:")]
    [InlineData("ot=th:c00000000000000")]   // 15 digits
    [InlineData("ot=th:0c00000000000000")]
    [InlineData("ot=th:g")]
    [InlineData("ot=th:c ;rv:1")]
    [InlineData("ot=th:-8")]
    [InlineData("ot=th:+8")]
    [InlineData("ot=th:0x8")]
    [InlineData("ot=th")]
    [InlineData("ot=rv:c")]
    [InlineData("ot=xth:c")]
    [InlineData("OT=th:c")]
    [InlineData("dd=th:c")]
    [InlineData("xot=th:c")]
    [InlineData("t@ot=th:c")]
    [InlineData("th:c")]
    [InlineData(",,;=;:")]
    [InlineData("\u00e9\u0000")]
    public void A_trace_state_without_a_threshold_counts_one(string traceState) => Assert.Equal(1, Of(traceState));

    [Theory]
    [InlineData("dd=s:1,ot=th:c")]
    [InlineData("ot=th:c,dd=th:8")]
    [InlineData("dd=th:8, ot=th:c\t,x=y")]
    [InlineData("ot=rv:6e6d1a75832a2f;th:c")]
    [InlineData("ot=th:c;rv:6e6d1a75832a2f")]
    [InlineData("ot=th:c;th:8")]
    [InlineData("ot=th:c,ot=th:8")]
    [InlineData("ot=rv:1,ot=th:c")]
    public void The_first_threshold_of_OpenTelemetry_counts(string traceState) => Assert.Equal(4, Of(traceState));

    /// <summary>Else a counter grows so large that a deny more or less is lost in its rounding.</summary>
    [Theory]
    [InlineData("ot=th:fffff1")]
    [InlineData("ot=th:ffffffffffffff")]
    public void No_span_counts_more_than_a_million_or_so(string traceState) => Assert.Equal(1 << 20, Of(traceState));

    [Fact]
    public void A_claim_as_large_as_may_be_hides_no_deny_of_the_same_labels()
    {
        ReplaySink sink = Printed.Sink();
        for (int i = 0; i < 1_000; i++)
        {
            Take(sink, "ot=th:ffffffffffffff");
        }
        Printed.Parsed(sink.Fold());
        Take(sink, "");

        Assert.Equal((1_000d * (1 << 20)) + 1, Printed.Parsed(sink.Fold()).Sum("agent_decisions_total", ("deny", "true")));
    }

    [Fact]
    public void Counters_buckets_and_sums_are_weighted_and_spans_read_are_not()
    {
        string page = PageOf(Printed.Sink());

        const string labels = """service_name="desk",agent="desk",tool="refund",model="none",risk_tier="none",outcome="deny",deny="true",reason="policy",event="tool_call",source="kitelogik""" + "\"";
        Assert.Contains($"agent_decisions_total{{{labels}}} 6.333333333333333\n", page, StringComparison.Ordinal);
        Assert.Contains($"agent_decision_duration_seconds_bucket{{{labels},le=\"0.1\"}} 0\n", page, StringComparison.Ordinal);
        Assert.Contains($"agent_decision_duration_seconds_bucket{{{labels},le=\"0.25\"}} 5.333333333333333\n", page, StringComparison.Ordinal);
        Assert.Contains($"agent_decision_duration_seconds_bucket{{{labels},le=\"0.5\"}} 6.333333333333333\n", page, StringComparison.Ordinal);
        Assert.Contains($"agent_decision_duration_seconds_sum{{{labels}}} 1.8333333333333333\n", page, StringComparison.Ordinal);
        Assert.Contains($"agent_decision_duration_seconds_count{{{labels}}} 6.333333333333333\n", page, StringComparison.Ordinal);
        Assert.Contains("spanmetrics_input_spans_total{outcome=\"counted\"} 3\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Switched_off_every_span_counts_one()
    {
        MetricsPage page = MetricsPage.Parse(PageOf(new ReplaySink(Printed.Options with { AdjustedCounts = false })));

        Assert.Equal(3, page.Sum("agent_decisions_total"));
        Assert.Equal(1, page.Sum("agent_decision_duration_seconds_sum"));
    }

    // 4 and 4/3 spans of 250 ms, and one of 500 ms.
    private static string PageOf(ReplaySink sink)
    {
        Take(sink, "ot=th:c", 250);
        Take(sink, "ot=th:4", 250);
        Take(sink, "", 500);
        return Printed.Text(sink.Fold());
    }

    // message Span { string trace_state = 3; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; }
    private static void Take(ReplaySink sink, string traceState, ulong milliseconds = 1) => sink.Take(
        Record("desk", "kitelogik.tether", Span(
            "policy_gate.evaluate", Text(3, traceState), Fixed64(7, 1_000_000_000), Fixed64(8, 1_000_000_000 + (milliseconds * 1_000_000)),
            Attribute("kitelogik.tool_name", "refund"), Attribute("kitelogik.policy.deny", true))),
        isNull: false);

    private static double Of(string traceState) => AdjustedCount.Of(Encoding.UTF8.GetBytes(traceState));
}
