using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Component;

/// <summary>Every query of the dashboards, asked as Grafana asks it, of Prometheus beside a worker that has counted all captures and facts.</summary>
[Collection(ComponentGroup.Name)]
public sealed partial class DashboardQueryTests
{
    private const int Window = 300;

    // Baselines of hours, and shares of an hour: what they are made of is back-filled.
    private static readonly string[] NeedHistory = ["Denies against the day and the week", "Denied share against its budget"];

    // By the metric contract; other work brings them. One that is on the page must leave this list.
    private static readonly string[] ToCome = ["spanmetrics_commit_held_seconds", "spanmetrics_poison_batches_total", "spanmetrics_fenced"];

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Every_panel_and_variable_has_data()
    {
        using var broker = new MockKafka();
        (byte[] Bytes, string Topic)[] records = [.. Records()];
        await WriteAsync(broker, records.DistinctBy(record => record.Topic));
        await using Worker worker = Worker.Start(broker.Brokers, "spans", "dashboards", logs: "events");
        await worker.ReadyAsync();
        await using PrometheusServer prometheus = await StartAsync(worker, new TempFolder());
        PanelQuery[] queries = [.. ShippedDashboard.All.SelectMany(dashboard => dashboard.Queries)];
        PanelQuery[] toCome = [.. queries.Where(query => ToCome.Any(query.Text.Contains))];
        PanelQuery[] ofHistory = [.. queries.Where(query => NeedHistory.Contains(query.Panel))];
        IEnumerable<string> annotations = ShippedDashboard.All.SelectMany(dashboard => dashboard.Annotations).Select(annotation => (string)annotation["target"]!["expr"]!).Distinct();
        await HaveDataAsync(
            prometheus, worker, () => WriteAsync(broker, records), [.. queries.Except(toCome).Except(ofHistory), .. annotations.Select(text => new PanelQuery("annotation", "", text, "{{alertname}}", Instant: false, Exemplars: false))]);
        await Assert.AllAsync(ShippedDashboard.All.SelectMany(dashboard => dashboard.VariableQueries).Distinct(), async query => Assert.NotEmpty(await ValuesAsync(prometheus, query)));

        // Beside the first, the worker could not tell it apart, and one of the two might lose increments (docs/decisions/0009).
        await using PrometheusServer withHistory = await StartAsync(worker, await HistoryAsync());
        await HaveDataAsync(withHistory, worker, () => WriteAsync(broker, records), ofHistory);

        // The lists are no longer than they must be, and what is on them is a query nevertheless.
        Assert.Equal(NeedHistory, (await EmptyAsync(prometheus, ofHistory)).Select(query => query.Panel).Distinct());
        Assert.Equal(toCome, await EmptyAsync(prometheus, toCome));
        Assert.All(ToCome, metric => Assert.Contains(toCome, query => query.Text.Contains(metric, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("default")]
    [InlineData("collector")]
    [InlineData("tempo")]
    [InlineData("collector", "views: { traces_spanmetrics: { unit: seconds } }")]
    public async Task Panels_of_all_spans_have_data_in_each_profile(string profile, string more = "")
    {
        using var broker = new MockKafka();
        byte[][] records = [.. SpanCapture.AllKitelogik().SelectMany(capture => capture.Records)];
        await broker.Writer.WriteAsync("spans", records[0]);
        await using Worker worker = Worker.Start(broker.Brokers, "spans", "profiles", more: $"profile: {profile}\n{more}");
        await worker.ReadyAsync();
        await using PrometheusServer prometheus = await StartAsync(worker, new TempFolder());
        PanelQuery[] queries = [.. ShippedDashboard.All.SelectMany(dashboard => dashboard.Queries).Where(query => query.Text.Contains("traces_", StringComparison.Ordinal))];
        Assert.NotEmpty(queries);
        await HaveDataAsync(prometheus, worker, () => broker.Writer.WriteAllAsync("spans", records), queries);
    }

    private static IEnumerable<(byte[] Bytes, string Topic)> Records() =>
    [
        .. SpanCapture.Names.Select(SpanCapture.Of).SelectMany(capture => Of(capture.Records, capture.LogRequests)),
        .. Fact.All.SelectMany(fact => Of(fact.Traces, fact.Logs)),
    ];

    private static IEnumerable<(byte[] Bytes, string Topic)> Of(IReadOnlyList<byte[]> traces, IReadOnlyList<byte[]> logs) =>
        traces.Select(record => (record, "spans")).Concat(logs.Select(record => (record, "events")));

    private static async Task WriteAsync(MockKafka broker, IEnumerable<(byte[] Bytes, string Topic)> records)
    {
        foreach ((byte[] bytes, string topic) in records)
        {
            await broker.Writer.WriteAsync(topic, bytes);
        }
    }

    private static async Task<PrometheusServer> StartAsync(Worker worker, TempFolder folder)
    {
        foreach (string file in ShippedRules.Files)
        {
            folder.Write(Path.GetFileName(file), Interval().Replace(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), "    interval: 2s"));
        }

        PrometheusServer prometheus = await PrometheusServer.StartAsync(Parts.Require("PROMETHEUS"), folder, $$"""
            global: { scrape_interval: 2s, scrape_timeout: 2s }
            rule_files: [{{string.Join(", ", ShippedRules.Files.Select(file => Path.GetFileName(file)))}}]
            scrape_configs:
              - job_name: spanmetrics
                static_configs: [ { targets: ["{{worker.Address}}"] } ]
            """, "--enable-feature=exemplar-storage");
        await Eventually.Async(async () => await prometheus.ValueAsync("up") == 1, Deadline, "a first scrape, after which what comes is an increase", () => prometheus.Log);
        return prometheus;
    }

    // Of one service and tool, which live samples have too: a deny and ten decisions every five minutes, for three days.
    private static async Task<TempFolder> HistoryAsync()
    {
        (string Record, string Labels, int Value)[] series =
        [
            ("service_tool:agent_denies:increase10m", "service_name=\"payments-agent\",tool=\"approve_refund\"", 2),
            ("service:agent_denies:increase5m", "service_name=\"payments-agent\"", 1),
            ("service:agent_decisions:increase5m", "service_name=\"payments-agent\"", 10),
        ];
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var text = new StringBuilder();
        foreach ((string record, string labels, int value) in series)
        {
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {record} gauge\n");
            for (long at = now - (3 * 86_400); at < now; at += 300)
            {
                text.Append(CultureInfo.InvariantCulture, $"{record}{{{labels}}} {value} {at}\n");
            }
        }

        var folder = new TempFolder();
        await using ChildProcess promtool = ChildProcess.Start(
            Parts.Require("PROMTOOL"), ["tsdb", "create-blocks-from", "openmetrics", folder.Write("history.om", text.Append("# EOF\n").ToString()), PrometheusServer.DataIn(folder)]);
        Assert.True(await promtool.ExitAsync(Deadline) == 0, promtool.Describe());
        return folder;
    }

    private static async Task<List<PanelQuery>> EmptyAsync(PrometheusServer prometheus, IEnumerable<PanelQuery> queries)
    {
        var empty = new List<PanelQuery>();
        foreach (PanelQuery query in queries)
        {
            if ((await SeriesAsync(prometheus, query)).Length == 0)
            {
                empty.Add(query);
            }
        }

        return empty;
    }

    // Agents go on while it waits: on a busy machine a scrape may fail, and what came meanwhile is in no rate.
    private static async Task HaveDataAsync(PrometheusServer prometheus, Worker worker, Func<Task> traffic, PanelQuery[] queries)
    {
        var waiting = new List<(PanelQuery Query, string Problem)>();
        await Eventually.Async(
            async () =>
            {
                await traffic();
                var still = new List<(PanelQuery Query, string Problem)>();
                foreach (PanelQuery query in waiting.Count == 0 ? queries : waiting.Select(one => one.Query))
                {
                    if (await ProblemAsync(prometheus, query) is string problem)
                    {
                        still.Add((query, problem));
                    }
                }

                return (waiting = still).Count == 0;
            },
            Deadline,
            "data in every panel",
            () => $"{string.Join('\n', waiting.Select(one => $"{one.Query.Place}: {one.Problem}"))}\n{worker.Describe()}");
    }

    private static async Task<string?> ProblemAsync(PrometheusServer prometheus, PanelQuery query)
    {
        JsonElement[] series = await SeriesAsync(prometheus, query);
        string[] labels = [.. LegendLabel().Matches(query.Legend).Select(label => label.Groups["label"].Value)];
        return series.Length == 0 ? $"nothing for {query.Text}"
            : query.Exemplars && await ExemplarsAsync(prometheus, query) == 0 ? $"no exemplars for {query.Text}"
            : labels.Length > 0 && !series.Any(one => labels.Any(label => one.GetProperty("metric").TryGetProperty(label, out _))) ? $"none of {query.Legend} is left by {query.Text}"
            : null;
    }

    // They have the time of their spans, which were captured long ago.
    private static async Task<int> ExemplarsAsync(PrometheusServer prometheus, PanelQuery query)
    {
        JsonElement data = await prometheus.GetAsync(
            $"/api/v1/query_exemplars?query={Uri.EscapeDataString(Substituted(query.Text))}&start=0&end={DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}");
        return data.EnumerateArray().Sum(series => series.GetProperty("exemplars").EnumerateArray().Count(exemplar => exemplar.GetProperty("labels").TryGetProperty("trace_id", out _)));
    }

    // A panel shows no infinite and no undefined value. "or vector(0)" would hide that there is no such series.
    private static async Task<JsonElement[]> SeriesAsync(PrometheusServer prometheus, PanelQuery query)
    {
        string text = Uri.EscapeDataString(Substituted(query.Text.Replace(" or vector(0)", "", StringComparison.Ordinal)));
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        JsonElement data = await prometheus.GetAsync(query.Instant
            ? $"/api/v1/query?query={text}"
            : string.Create(CultureInfo.InvariantCulture, $"/api/v1/query_range?query={text}&start={now - Window}&end={now}&step=2"));
        return [.. data.GetProperty("result").EnumerateArray().Where(series => Values(series).Any(double.IsFinite))];
    }

    private static IEnumerable<double> Values(JsonElement series) =>
        (series.TryGetProperty("values", out JsonElement values) ? values.EnumerateArray().ToArray() : [series.GetProperty("value")])
            .Select(value => double.Parse(value[1].GetString()!.Replace("Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture));

    private static async Task<string[]> ValuesAsync(PrometheusServer prometheus, string query)
    {
        Match values = LabelValues().Match(query);
        Assert.True(values.Success, query);
        string series = Uri.EscapeDataString(Substituted(values.Groups["series"].Value));
        return [.. (await prometheus.GetAsync($"/api/v1/label/{values.Groups["label"].Value}/values?match[]={series}")).EnumerateArray().Select(value => value.GetString()!)];
    }

    // As Grafana does it where all is chosen, for a scrape interval and a step of two seconds: the window of a rate is four intervals.
    private static string Substituted(string text)
    {
        string substituted = text
            .Replace("$__rate_interval", "8s", StringComparison.Ordinal)
            .Replace("$__range", $"{Window}s", StringComparison.Ordinal)
            .Replace("$__interval", "2s", StringComparison.Ordinal);
        return Variable().Replace(substituted, ".+");
    }

    [GeneratedRegex("""\{\{(?<label>\w+)\}\}""")]
    private static partial Regex LegendLabel();

    [GeneratedRegex("""^label_values\((?<series>.+), (?<label>\w+)\)$""")]
    private static partial Regex LabelValues();

    [GeneratedRegex("""(?<=")\$\w+(?=")""")]
    private static partial Regex Variable();

    [GeneratedRegex("""^    interval: \w+$""", RegexOptions.Multiline)]
    private static partial Regex Interval();
}
