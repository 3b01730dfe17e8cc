using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using SpanMetrics.Tests.Support;
using SpanMetrics.Tests.Unit;

namespace SpanMetrics.Tests.EndToEnd;

/// <summary>From spans on a topic to a message, through the shipped rules, routes and templates.</summary>
[Collection(EndToEndGroup.Name)]
public sealed partial class AlertTests(RealKafka kafka)
{
    // Four minutes at the worst, and the machine may be slow.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(6);

    // Durations in rules and routes, in the test that is in a hurry. Scrapes are every second in place of fifteen.
    private const int Hurry = 12;

    /// <summary>Everything as shipped, in real time: 15 s between scrapes, 15 s between evaluations.</summary>
    [Fact]
    public async Task Security_is_told_of_a_spike_an_outage_and_a_critical_call_in_about_the_time_that_the_docs_say()
    {
        const string Topic = "alerts";
        KafkaBroker broker = await kafka.BrokerAsync();
        await broker.Writer.CreateTopicAsync(Topic);
        await using Worker worker = Worker.Start(broker.Brokers, Topic, Topic);
        await worker.ReadyAsync();
        using var receiver = new MessageReceiver();
        await using AlertmanagerServer alertmanager = await AlertmanagerServer.StartAsync(receiver.Address);
        await using PrometheusServer prometheus = await WatchedForHoursAsync(worker, alertmanager, hurry: 1);
        await broker.Writer.WriteAsync(Topic, Calls(20, Allowed("read_record", "INFORMATIONAL")));
        await Eventually.Async(async () => await prometheus.ValueAsync("count(spanmetrics_threshold) > 0") is not null, Deadline, "calls and thresholds in Prometheus", worker.Describe);

        var watch = Stopwatch.StartNew();
        await broker.Writer.WriteAllAsync(Topic, [Calls(6, Denied("run_command")), Calls(3, EngineAway("refund")), Calls(1, Allowed("wipe_disk", "DESTRUCTIVE"))]);
        await Task.WhenAll(
            ToldAsync(receiver, prometheus, watch, "#agent-security", "AgentHighRiskAllowed claims wipe_disk"),
            ToldAsync(receiver, prometheus, watch, "#agent-security", "AgentPolicyEngineUnavailable claims"),
            ToldAsync(receiver, prometheus, watch, "page", "AgentDenySpikeQuietTool claims run_command"));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(150), $"{watch.Elapsed} to the page");
        Assert.Equal(
            ["AgentDenySpikeQuietTool", "AgentHighRiskAllowed", "AgentPolicyEngineUnavailable"],
            Told(receiver).Select(message => message.Title.Split(' ')[2]).Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>The same rules and routes with every duration a twelfth, and a scrape a second.</summary>
    [Fact]
    public async Task Ungated_calls_a_slow_worker_and_a_dead_one_are_told_to_whom_they_concern()
    {
        const string Topic = "alerts-in-a-hurry";
        KafkaBroker broker = await kafka.BrokerAsync();
        await broker.Writer.CreateTopicAsync(Topic);
        // It takes a record in some seconds.
        await using Worker worker = Worker.Start(broker.Brokers, Topic, Topic, client: "queued.min.messages: 1, fetch.message.max.bytes: 1, fetch.queue.backoff.ms: 3000");
        await worker.ReadyAsync();
        using var receiver = new MessageReceiver();
        await using AlertmanagerServer alertmanager = await AlertmanagerServer.StartAsync(receiver.Address, Hurry);
        await using PrometheusServer prometheus = await WatchedForHoursAsync(worker, alertmanager, Hurry);
        await broker.Writer.WriteAsync(Topic, Calls(20, Allowed("read_record", "INFORMATIONAL")));
        await Eventually.Async(async () => await prometheus.ValueAsync("count(spanmetrics_threshold) > 0") is not null, Deadline, "calls and thresholds in Prometheus", worker.Describe);

        var watch = Stopwatch.StartNew();
        await broker.Writer.WriteAsync(Topic, Calls(10, Ungated("shell")));
        await ToldAsync(receiver, prometheus, watch, "#agent-security", "AgentUngatedToolCalls claims shell");

        // Half of all decisions are denies, four for each of ten tools: no spike, and a budget that pages when it has lasted a twelfth of 15 minutes.
        await broker.Writer.WriteAsync(Topic, Calls(4, [.. Enumerable.Range(0, 10).SelectMany(i => (byte[][])[Denied($"tool{i}"), Allowed("read_record", "INFORMATIONAL")])]));
        await Eventually.Async(async () => await prometheus.ValueAsync("service:agent_denies:share30m > 0.3") is not null, Deadline, "denies in Prometheus", worker.Describe);

        watch.Restart();
        await broker.Writer.WriteAllAsync(Topic, Enumerable.Range(0, 40).Select(_ => Calls(1, Allowed("read_record", "INFORMATIONAL"))));
        await ToldAsync(receiver, prometheus, watch, "#platform", "SpanMetricsLagging");

        watch.Restart();
        worker.Signal(ChildProcess.SigKill);
        await ToldAsync(receiver, prometheus, watch, "#platform", "SpanMetricsDown");

        // The budget's alert comes after that and is muted; the watchdog that comes later still shows that nothing was held up.
        await Eventually.Async(
            async () => (await alertmanager.AlertsAsync()).Any(alert => alert.Labels["alertname"] == "AgentDenyBudgetBurn" && alert.IsMuted),
            Deadline,
            "a muted alert on the budget",
            alertmanager.Describe);
        Console.WriteLine($"AgentDenyBudgetBurn: muted, {watch.Elapsed.TotalSeconds:0} s after the kill");
        int alive = receiver.Messages.Count(message => message.Path == "/alive");
        await Eventually.Async(() => receiver.Messages.Count(message => message.Path == "/alive") > alive, Deadline, "the watchdog", alertmanager.Describe);
        Assert.DoesNotContain(Told(receiver), message => message.Title.Contains("AgentDeny", StringComparison.Ordinal));
        Assert.Null(await prometheus.ValueAsync("""count(max_over_time(ALERTS{alertname="AgentTelemetryAbsent", alertstate="firing"}[1h]))"""));
    }

    /// <summary>A Prometheus with the shipped configuration that has scraped this worker for three hours, as it remembers.</summary>
    private static async Task<PrometheusServer> WatchedForHoursAsync(Worker worker, AlertmanagerServer alertmanager, int hurry)
    {
        var folder = new TempFolder();
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        IEnumerable<string> up = Enumerable.Range(1, 180).Reverse().Select(minute => $"up{{job=\"spanmetrics\",instance=\"{worker.Address}\"}} 1 {now - (60 * minute)}");
        string history = folder.Write("history.om", $"# TYPE up gauge\n{string.Join('\n', up)}\n# EOF\n");
        await using (ChildProcess promtool = ChildProcess.Start(Parts.Require("PROMTOOL"), ["tsdb", "create-blocks-from", "openmetrics", history, PrometheusServer.DataIn(folder)]))
        {
            Assert.True(await promtool.ExitAsync(TimeSpan.FromSeconds(60)) == 0, promtool.Describe());
        }

        foreach (string file in ShippedRules.Files)
        {
            string rules = Hurried.Durations(await File.ReadAllTextAsync(file), hurry);
            folder.Write(Path.GetFileName(file), LagSeconds().Replace(rules, match => (int.Parse(match.Value, CultureInfo.InvariantCulture) / hurry).ToString(CultureInfo.InvariantCulture)));
        }

        string shipped = await File.ReadAllTextAsync(Repository.PathOf("compose", "prometheus.yml"));
        return await PrometheusServer.StartAsync(Parts.Require("PROMETHEUS"), folder, shipped
            .Replace("../rules/*.yml", string.Join(", ", ShippedRules.Files.Select(file => Path.GetFileName(file))), StringComparison.Ordinal)
            .Replace("scrape_interval: 15s", hurry == 1 ? "scrape_interval: 15s" : "scrape_interval: 1s, scrape_timeout: 1s", StringComparison.Ordinal)
            .Replace("127.0.0.1:9464", worker.Address, StringComparison.Ordinal)
            .Replace("127.0.0.1:9093", alertmanager.Address, StringComparison.Ordinal));
    }

    private static async Task ToldAsync(MessageReceiver receiver, PrometheusServer prometheus, Stopwatch watch, string receiverName, string alert)
    {
        DateTime cause = DateTime.UtcNow - watch.Elapsed;
        string firing = "";
        await Eventually.Async(
            async () =>
            {
                firing = string.Join('\n', await prometheus.QueryAsync("ALERTS"));
                return Told(receiver).Any(message => message.Title.StartsWith($"[FIRING 1] {alert}", StringComparison.Ordinal));
            },
            Deadline,
            $"{alert} to be told",
            () => $"{firing}\n{string.Join('\n', Told(receiver))}");
        (DateTime at, string to, _) = Told(receiver).First(message => message.Title.StartsWith($"[FIRING 1] {alert}", StringComparison.Ordinal));
        Assert.Equal(receiverName, to);
        Console.WriteLine($"{alert}: {(at - cause).TotalSeconds:0} s from the cause to {to}");
    }

    private static IEnumerable<(DateTime At, string To, string Title)> Told(MessageReceiver receiver)
    {
        foreach ((DateTime at, string path, string body) in receiver.Messages.Where(message => message.Path != "/alive"))
        {
            using JsonDocument message = JsonDocument.Parse(body);
            yield return path == "/page"
                ? (at, "page", message.RootElement.GetProperty("payload").GetProperty("summary").GetString()!)
                : (at, message.RootElement.GetProperty("channel").GetString()!, message.RootElement.GetProperty("attachments")[0].GetProperty("title").GetString()!);
        }
    }

    private static byte[] Allowed(string tool, string tier) => Decision(tool, OtlpBytes.Attribute("kitelogik.policy.allow", true), OtlpBytes.Attribute("kitelogik.policy.risk_tier", tier));

    private static byte[] Denied(string tool) => Decision(tool, OtlpBytes.Attribute("kitelogik.policy.deny", true), OtlpBytes.Attribute("kitelogik.policy.risk_tier", "SECURITY_CRITICAL"));

    private static byte[] EngineAway(string tool) => Decision(tool, OtlpBytes.Error("OPA unreachable"));

    private static byte[] Decision(string tool, params byte[][] answer) =>
        OtlpBytes.Join([OtlpBytes.Text(5, "policy_gate.evaluate"), OtlpBytes.Attribute("kitelogik.action", "tool_call"), OtlpBytes.Attribute("kitelogik.tool_name", tool), .. answer]);

    private static byte[] Ungated(string tool) =>
        OtlpBytes.Join(OtlpBytes.Text(5, $"execute_tool {tool}"), OtlpBytes.Attribute("gen_ai.operation.name", "execute_tool"), OtlpBytes.Attribute("gen_ai.tool.name", tool));

    // message Span { bytes trace_id = 1; bytes span_id = 2; string name = 5; repeated KeyValue attributes = 9; Status status = 15; }
    private static byte[] Calls(int each, params byte[][] spans) =>
        OtlpBytes.Record("claims", "kitelogik.tether", [.. spans.SelectMany(span => Enumerable.Repeat(span, each)).Select(span => OtlpBytes.Bytes(2, OtlpBytes.Bytes(1, Guid.NewGuid().ToByteArray()), OtlpBytes.Bytes(2, Guid.NewGuid().ToByteArray()[..8]), span))]);

    [GeneratedRegex("""(?<=threshold: lag_(?:critical_)?seconds \}, expr: vector\()\d+""")]
    private static partial Regex LagSeconds();
}
