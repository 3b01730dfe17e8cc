using System.Text.Json;
using SpanMetrics.Aggregation;
using SpanMetrics.Configuration;
using SpanMetrics.Exposition;
using SpanMetrics.Otlp;
using SpanMetrics.Semantics;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Unit;

/// <summary>What /api/v1/status says, against /metrics.</summary>
public sealed class StatusTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly string[] Outcomes = ["allow", "deny", "hitl", "rate_limited", "error", "none"];

    private readonly StatusSource _worker = new();

    [Fact]
    public void Since_the_start_all_numbers_are_those_of_metrics()
    {
        _worker.Take([.. CaptureRecords.All().Where(record => record.Signal == Signal.Traces).Select(record => record.Bytes)]);

        AssertSame(_worker.Metrics(), _worker.Status(), []);
    }

    [Fact]
    public void Of_one_service_all_numbers_are_those_of_metrics()
    {
        _worker.Take([.. CaptureRecords.All().Where(record => record.Signal == Signal.Traces).Select(record => record.Bytes)]);
        string[] services = [.. _worker.Status().GetProperty("services").EnumerateArray().Select(service => service.GetString()!)];

        Assert.True(services.Length > 10);
        Assert.All(services, service => AssertSame(_worker.Metrics(), _worker.Status("start", service), [("service_name", service)]));
    }

    [Fact]
    public void A_service_that_never_came_has_nothing()
    {
        _worker.Take(OtlpBytes.Denied("refund"));

        JsonElement status = _worker.Status("start", "nobody");

        Assert.Equal("nobody", status.GetProperty("service").GetString());
        Assert.Equal(0, Total(status));
        Assert.Empty(status.GetProperty("tools").EnumerateArray());
    }

    [Fact]
    public void A_window_has_what_came_in_it()
    {
        _worker.Take(StatusSource.Decision("desk", "refund", isDenied: true, count: 100));
        _worker.Pass(6 * Minute);
        _worker.Take(StatusSource.Decision("desk", "refund", isDenied: true, count: 10));
        _worker.Pass(3 * Minute);
        _worker.Take(StatusSource.Decision("desk", "refund", isDenied: false));

        Assert.Equal((11, 111, 111, 111), (Total(_worker.Status("5m")), Total(_worker.Status("15m")), Total(_worker.Status("1h")), Total(_worker.Status("start"))));
        Assert.Equal(10 / 11d, Row(_worker.Status("5m"), "tools", "tool", "refund").GetProperty("deny_ratio").GetDouble());
        Assert.Equal(110 / 111d, Ratio(_worker.Status("5m").GetProperty("decisions").GetProperty("last_hour")));

        _worker.Pass(70 * Minute);
        Assert.Equal((0, 0, 0, 111), (Total(_worker.Status("5m")), Total(_worker.Status("15m")), Total(_worker.Status("1h")), Total(_worker.Status("start"))));
    }

    [Theory]
    [InlineData("5m", 310)]
    [InlineData("15m", 910)]
    [InlineData("1h", 3610)]
    public void A_window_says_how_much_time_it_covers(string window, double most)
    {
        _worker.Pass(2 * Minute);
        Assert.InRange(Covered(), 120, 123);

        _worker.Pass(120 * Minute);
        Assert.InRange(Covered(), most - 10, most + 5);

        double Covered() => _worker.Status(window).GetProperty("window").GetProperty("covered_seconds").GetDouble();
    }

    [Theory]
    [InlineData("5m")]
    [InlineData("15m")]
    [InlineData("1h")]
    [InlineData("start")]
    public void Points_of_a_picture_add_up_to_what_came_and_are_few(string window)
    {
        for (int minute = 0; minute < 50; minute++)
        {
            _worker.Take(StatusSource.Decision("desk", "refund", isDenied: minute % 3 == 0, count: minute + 1));
            _worker.Pass(Minute);
        }

        JsonElement status = _worker.Status(window);
        JsonElement history = status.GetProperty("decisions").GetProperty("history");
        double[] points = [.. history.GetProperty("allow").EnumerateArray().Zip(history.GetProperty("deny").EnumerateArray(), (allow, deny) => allow.GetDouble() + deny.GetDouble())];
        JsonElement told = status.GetProperty("window");

        Assert.InRange(points.Length, 20, 62);
        // The first points may begin inside the window.
        double step = told.GetProperty("step_seconds").GetDouble();
        Assert.InRange(points.Sum(), Total(status) - (step / 10 * 50), Total(status));
        double end = told.GetProperty("first_point_at").GetDouble() + (points.Length * step);
        Assert.InRange(end - status.GetProperty("at").GetDouble(), -step, step);
        Assert.Equal(points, Row(status, "tools", "tool", "refund").GetProperty("history").GetProperty("decisions").EnumerateArray().Select(point => point.GetDouble()));
    }

    [Fact]
    public void Of_ten_thousand_tools_the_most_denied_and_used_are_listed_and_the_others_are_summed_up()
    {
        for (int i = 0; i < 10_000; i++)
        {
            _worker.Take(StatusSource.Decision("desk", $"made up {i}", isDenied: true));
        }

        _worker.Pass(Minute);
        _worker.Take(StatusSource.Decision("desk", "wire_transfer", isDenied: true, count: 3), StatusSource.Decision("shop", "search", isDenied: false, count: 500));
        JsonElement status = _worker.Status();

        JsonElement[] tools = [.. status.GetProperty("tools").EnumerateArray()];
        JsonElement others = status.GetProperty("other_tools");
        Assert.Equal(StatusHistory.MostNames, tools.Length);
        Assert.Equal(("wire_transfer", 3), (tools[0].GetProperty("tool").GetString(), tools[0].GetProperty("deny").GetDouble()));
        Assert.Equal(500, Row(status, "tools", "tool", "search").GetProperty("decisions").GetDouble());
        Assert.Equal(10_002 - StatusHistory.MostNames, others.GetProperty("names").GetInt32());
        Assert.Equal(10_003, Sum(tools, "deny") + others.GetProperty("deny").GetDouble());
        Assert.InRange(status.GetRawText().Length, 0, 100_000);
        Assert.Equal(0, _worker.Status("start", "shop").GetProperty("other_tools").GetProperty("names").GetInt32());
    }

    [Fact]
    public void Whichever_names_are_listed_the_sum_of_a_window_is_right()
    {
        var random = new Random(5);
        double came = 0;
        for (int slot = 0; slot < 24; slot++)
        {
            for (int i = 0; i < 60; i++)
            {
                int count = random.Next(1, 4 + slot);
                came += count;
                _worker.Take(StatusSource.Decision($"service {random.Next(70)}", $"tool {random.Next(40 * (slot + 1))}", random.Next(3) == 0, count));
            }

            _worker.Pass(TimeSpan.FromSeconds(Track.SlotSeconds));
            foreach (string window in (string[])["5m", "start"])
            {
                JsonElement status = _worker.Status(window);
                double others = status.GetProperty("other_tools").GetProperty("decisions").GetDouble();

                Assert.Equal(came, Total(status));
                Assert.Equal(came, Sum(status.GetProperty("tools").EnumerateArray(), "decisions") + others);
                Assert.Equal(came, Sum(status.GetProperty("tiers").EnumerateArray(), "decisions"));
            }
        }

        JsonElement last = _worker.Status();
        Assert.True(last.GetProperty("other_tools").GetProperty("names").GetInt32() > 0, "no name was pushed out");
        Assert.Equal(ServiceNames.Most, last.GetProperty("services").GetArrayLength());
        Assert.Equal(70 - ServiceNames.Most, last.GetProperty("other_services").GetInt32());
    }

    [Fact]
    public void Series_that_left_the_page_take_nothing_back()
    {
        var track = new Track(0, "refund", StatusColumns.TierWidth);
        track.Now[0] = 100;
        track.Note(0, 1);
        track.Now[0] = 40; // some of it was idle and is gone
        track.Note(1, 2);
        track.Now[0] = 45;
        track.Note(2, 3);

        Assert.Equal(105, track.Grown(0, 0, 2));
    }

    [Fact]
    public void The_95th_percentile_is_that_of_histogram_quantile()
    {
        _worker.Take([.. CaptureRecords.All().Where(record => record.Signal == Signal.Traces).Select(record => record.Bytes)]);
        MetricsPage page = _worker.Metrics();
        JsonElement[] tools = [.. _worker.Status().GetProperty("tools").EnumerateArray().Where(tool => tool.GetProperty("p95_seconds").ValueKind == JsonValueKind.Number)];

        Assert.True(tools.Length > 5);
        Assert.All(tools, tool => Assert.Equal(HistogramQuantile(.95, page, tool.GetProperty("tool").GetString()!), tool.GetProperty("p95_seconds").GetDouble(), 1e-9));
    }

    [Fact]
    public void The_last_denial_of_a_tool_has_its_time_and_its_trace()
    {
        _worker.Take(StatusSource.Decision("desk", "search", isDenied: false, more: Trace(3, 5)), StatusSource.Decision("desk", "refund", isDenied: true, more: Trace(1, 6)));
        double first = _worker.Status().GetProperty("at").GetDouble();
        _worker.Pass(Minute);
        JsonElement status = _worker.Status();

        JsonElement refund = Row(status, "tools", "tool", "refund");
        Assert.Equal(first, refund.GetProperty("last_denied_at").GetDouble());
        Assert.Equal("01".PadLeft(32, '0'), refund.GetProperty("last_denied_trace_id").GetString());
        Assert.Equal(6, refund.GetProperty("last_denied_span_ended_at").GetDouble());
        JsonElement search = Row(status, "tools", "tool", "search");
        Assert.All((string[])["last_denied_at", "last_denied_trace_id", "last_denied_span_ended_at"], name => Assert.Equal(JsonValueKind.Null, search.GetProperty(name).ValueKind));
    }

    [Fact]
    public void Without_a_view_of_decisions_it_says_so()
    {
        var worker = new StatusSource(Views.Build(new Dictionary<string, ViewOptions> { ["agent_decisions"] = new() { Enabled = false } }, (_, problem) => Assert.Fail(problem)));
        worker.Take(OtlpBytes.Denied("refund"));

        Assert.False(worker.Status().GetProperty("decisions").GetProperty("has_view").GetBoolean());
        Assert.True(_worker.Status().GetProperty("decisions").GetProperty("has_view").GetBoolean());
    }

    [Fact]
    public void The_worker_tells_its_health()
    {
        _worker.Take(OtlpBytes.Denied("refund"), [1, 2, 3]);

        JsonElement worker = _worker.Status().GetProperty("worker");

        Assert.Equal((1, 1, 0), (worker.GetProperty("records").GetProperty("ok").GetDouble(), worker.GetProperty("records").GetProperty("rejected").GetDouble(), worker.GetProperty("records").GetProperty("salvaged").GetDouble()));
        JsonElement bad = Assert.Single(worker.GetProperty("records").GetProperty("bad").EnumerateArray());
        Assert.Equal(("traces", "rejected", 1), (bad.GetProperty("signal").GetString(), bad.GetProperty("outcome").GetString(), bad.GetProperty("count").GetDouble()));
        Assert.Equal(1, worker.GetProperty("spans").GetProperty("counted").GetDouble());
        Assert.Equal(
            _worker.Metrics().Samples.Count(sample => sample.Name == "spanmetrics_series"),
            worker.GetProperty("views").EnumerateArray().Count(view => view.GetProperty("limit").GetDouble() == new AggregationOptions().Series));
        Assert.True(worker.GetProperty("ready").GetBoolean());
        Assert.Equal(JsonValueKind.Null, worker.GetProperty("lag_seconds").ValueKind); // of no partition
    }

    private static void AssertSame(MetricsPage page, JsonElement status, (string Name, string Value)[] service)
    {
        JsonElement decisions = status.GetProperty("decisions");
        Assert.Equal(page.Sum("agent_decisions_total", service), Total(status), 1e-6);
        Assert.All(Outcomes, outcome => Assert.Equal(page.Sum("agent_decisions_total", [.. service, ("outcome", outcome)]), decisions.GetProperty(outcome).GetDouble(), 1e-6));
        foreach ((string list, string name, string label) in ((string, string, string)[])[("tools", "tool", "tool"), ("tiers", "tier", "risk_tier"), ("models", "model", "model")])
        {
            string[] told = [.. status.GetProperty(list).EnumerateArray().Select(row => row.GetProperty(name).GetString()!)];
            Assert.Superset(LabelValues(page, "agent_decisions_total", label, service), told.ToHashSet());
            Assert.All(told, value =>
            {
                JsonElement row = Row(status, list, name, value);
                Same("agent_decisions_total", row, "decisions", (label, value));
                Same("agent_decisions_total", row, "deny", (label, value), ("outcome", "deny"));
                Same("agent_decisions_total", row, "hitl", (label, value), ("outcome", "hitl"));
                if (list == "tools")
                {
                    Same("agent_tool_calls_total", row, "calls", (label, value));
                    Same("agent_ungated_tool_calls_total", row, "ungated_calls", (label, value));
                }
                else if (list == "models")
                {
                    Same("agent_model_calls_total", row, "calls", (label, value));
                    Same("agent_model_calls_total", row, "errors", (label, value), ("status", "error"));
                    Same("agent_cost_usd_total", row, "cost_usd", (label, value));
                    Assert.All(row.GetProperty("tokens").EnumerateObject(), type => Same("agent_tokens_total", row.GetProperty("tokens"), type.Name, (label, value), ("token_type", type.Name)));
                }
            });
        }

        Same("agent_ungated_tool_calls_total", status.GetProperty("totals"), "ungated_tool_calls");
        Same("agent_tool_calls_total", status.GetProperty("totals"), "tool_calls");
        Same("agent_cost_usd_total", status.GetProperty("totals"), "cost_usd");

        void Same(string family, JsonElement row, string property, params (string, string)[] labels) =>
            Assert.Equal(page.Sum(family, [.. service, .. labels]), row.GetProperty(property).GetDouble(), 1e-6);
    }

    private static HashSet<string> LabelValues(MetricsPage page, string family, string label, (string Name, string Value)[] service) =>
        [.. page.Family(family).Where(sample => service.All(wanted => sample.Labels[wanted.Name] == wanted.Value)).Select(sample => sample.Labels[label])];

    // As Prometheus documents it.
    private static double HistogramQuantile(double quantile, MetricsPage page, string tool)
    {
        (double Bound, double Count)[] buckets = [.. page.Family("agent_tool_call_duration_seconds_bucket")
            .Where(sample => sample.Labels["tool"] == tool)
            .GroupBy(sample => sample.Labels["le"])
            .Select(bucket => (bucket.Key == "+Inf" ? double.PositiveInfinity : double.Parse(bucket.Key, System.Globalization.CultureInfo.InvariantCulture), bucket.Sum(sample => sample.Value)))
            .OrderBy(bucket => bucket.Item1)];
        double rank = quantile * buckets[^1].Count;
        int at = Array.FindIndex(buckets, bucket => bucket.Count >= rank);
        if (at == buckets.Length - 1)
        {
            return buckets[^2].Bound;
        }

        (double from, double before) = at == 0 ? (0, 0) : buckets[at - 1];
        return from + ((buckets[at].Bound - from) * (rank - before) / (buckets[at].Count - before));
    }

    private static byte[] Trace(byte id, ulong endSeconds) =>
        OtlpBytes.Join(OtlpBytes.Bytes(1, [.. new byte[15], id]), OtlpBytes.Bytes(2, [.. new byte[7], id]), OtlpBytes.Fixed64(7, 1_000_000_000), OtlpBytes.Fixed64(8, endSeconds * 1_000_000_000));

    private static double Total(JsonElement status) => status.GetProperty("decisions").GetProperty("total").GetDouble();

    private static double Ratio(JsonElement counts) => counts.GetProperty("deny").GetDouble() / counts.GetProperty("total").GetDouble();

    private static double Sum(IEnumerable<JsonElement> rows, string property) => rows.Sum(row => row.GetProperty(property).GetDouble());

    private static JsonElement Row(JsonElement status, string list, string name, string value) =>
        status.GetProperty(list).EnumerateArray().Single(row => row.GetProperty(name).GetString() == value);
}
