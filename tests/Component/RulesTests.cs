using System.Text.Json;
using System.Text.RegularExpressions;
using SpanMetrics.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace SpanMetrics.Tests.Component;

[Collection(ComponentGroup.Name)]
public sealed partial class RulesTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    // A file takes a minute at most where the machine does nothing else.
    private static readonly TimeSpan TestDeadline = TimeSpan.FromMinutes(5);

    public static TheoryData<string> TestFiles => [.. ShippedRules.Tests.Select(file => Path.GetFileName(file))];

    [Fact]
    public Task Rules_are_clean_for_the_strictest_check_of_promtool() => PromtoolAsync(Deadline, ["check", "rules", "--lint=all", "--lint-fatal", .. ShippedRules.Files]);

    [Fact]
    public Task The_shipped_configuration_of_Prometheus_is_right() => PromtoolAsync(Deadline, "check", "config", Repository.PathOf("compose", "prometheus.yml"));

    [Theory]
    [MemberData(nameof(TestFiles))]
    public Task Unit_tests_of_rules_pass(string file) => PromtoolAsync(TestDeadline, "test", "rules", Repository.PathOf("rules", "tests", file));

    [Fact]
    public async Task Queries_of_the_runbooks_are_right()
    {
        string docs = await File.ReadAllTextAsync(Repository.PathOf("docs", "alerting.md"), TestContext.Current.CancellationToken);
        string[] queries = [.. Query().Matches(docs).Select(query => query.Groups["text"].Value)];
        using var folder = new TempFolder();
        string rules = string.Join('\n', queries.Select((query, i) => $"      - record: query{i}\n        expr: |\n          {query}"));

        Assert.True(queries.Length > ShippedRules.AlertNames.Count, "each runbook has a query, and the budget some");
        await PromtoolAsync(Deadline, "check", "rules", folder.Write("queries.yml", $"groups:\n  - name: queries\n    rules:\n{rules}\n"));
    }

    [Fact]
    public async Task Objects_for_Kubernetes_hold_the_same_groups()
    {
        await using ChildProcess script = ChildProcess.Start(Repository.PathOf("rules", "kubernetes.sh"), ["--namespace", "monitoring", "--label", "release=prometheus"]);
        Assert.True(await script.ExitAsync(Deadline) == 0, script.Describe());
        var stream = new YamlStream();
        stream.Load(new StringReader(script.Output));
        YamlMappingNode[] objects = [.. stream.Documents.Select(document => (YamlMappingNode)document.RootNode)];

        Assert.All(objects, one => Assert.Equal("PrometheusRule", one["kind"].ToString()));
        Assert.All(objects, one => Assert.Equal("monitoring prometheus", $"{one["metadata"]["namespace"]} {one["metadata"]["labels"]["release"]}"));
        Assert.Equal(ShippedRules.Files.Select(file => $"spanmetrics-{Path.GetFileNameWithoutExtension(file)}"), objects.Select(one => one["metadata"]["name"].ToString()));
        Assert.Equal(ShippedRules.Files.Select(file => ShippedRules.Load(file)["groups"]), objects.Select(one => one["spec"]["groups"]));
    }

    [Theory]
    [InlineData("PROMETHEUS")]
    [InlineData("PROMETHEUS_2_53")]
    [InlineData("PROMETHEUS_3")]
    public async Task Every_rule_is_evaluated_beside_a_worker(string prometheus)
    {
        string program = Parts.Require(prometheus);
        using var broker = new MockKafka();
        await broker.Writer.WriteAllAsync("rules", SpanCapture.AllKitelogik().SelectMany(capture => capture.Records));
        await using Worker worker = Worker.Start(broker.Brokers, "rules", "rules");
        await worker.ReadyAsync();
        var folder = new TempFolder();
        foreach (string file in ShippedRules.Files)
        {
            folder.Write(Path.GetFileName(file), Interval().Replace(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), "    interval: 1s"));
        }

        await using PrometheusServer server = await PrometheusServer.StartAsync(program, folder, $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            rule_files: [{{string.Join(", ", ShippedRules.Files.Select(file => Path.GetFileName(file)))}}]
            scrape_configs:
              - job_name: spanmetrics
                static_configs: [ { targets: ["{{worker.Address}}"] } ]
            """);
        int thresholds = ShippedRules.Rules.Count(rule => ShippedRules.Text(rule, "record") == "spanmetrics_threshold_default");
        JsonElement[] rules = [];
        await Eventually.Async(
            async () =>
            {
                rules = [.. (await server.GetAsync("/api/v1/rules")).GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray())];
                return rules.All(rule => rule.GetProperty("health").GetString() != "unknown")
                    && await server.ValueAsync("count(service_tool:agent_denies:sum > 0)") > 0
                    && await server.ValueAsync("""count(spanmetrics_threshold{service_name="payments-agent"})""") == thresholds;
            },
            Deadline,
            "every rule to be evaluated, with denies and thresholds",
            worker.Describe);

        Assert.Equal(ShippedRules.Rules.Count, rules.Length);
        Assert.Empty(rules.Where(rule => rule.GetProperty("health").GetString() != "ok").Select(rule => rule.ToString()));
    }

    private static async Task PromtoolAsync(TimeSpan deadline, params string[] arguments)
    {
        await using ChildProcess promtool = ChildProcess.Start(Parts.Require("PROMTOOL"), arguments);
        Assert.True(await promtool.ExitAsync(deadline) == 0, promtool.Describe());
    }

    [GeneratedRegex("""^ *`(?<text>(?=.*[({]).+)`(?:\.)?$""", RegexOptions.Multiline)]
    private static partial Regex Query();

    [GeneratedRegex("""^    interval: \w+$""", RegexOptions.Multiline)]
    private static partial Regex Interval();
}
