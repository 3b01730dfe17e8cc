using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SpanMetrics.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace SpanMetrics.Tests.House;

/// <summary>compose.yaml, the Dockerfile and the manifests fit what they mount, build and ask. Whether containers run is not tested: there is no engine.</summary>
public sealed partial class ComposeTests
{
    private static readonly YamlMappingNode Services = (YamlMappingNode)ShippedRules.Load(PathOf("compose.yaml"))["services"];

    private static readonly HashSet<string> Names = [.. Services.Children.Keys.Select(name => name.ToString())];

    private static readonly string[] Configurations =
        ["compose.yaml", "prometheus.compose.yml", "collectors/kafka.yaml", "grafana/provisioning/datasources/spanmetrics.yml"];

    private static readonly string Text = File.ReadAllText(PathOf("compose.yaml"));

    [Fact]
    public void What_is_mounted_is_there()
    {
        string[] mounted = [.. Mount().Matches(Text).Select(mount => mount.Groups["from"].Value)];

        Assert.NotEmpty(mounted);
        Assert.All(mounted, from => Assert.True(Path.Exists(PathOf(from)), from));
    }

    [Fact]
    public void What_the_configurations_talk_to_is_a_service_at_its_port()
    {
        var talkedTo = Configurations
            .SelectMany(file => Address().Matches(Comment().Replace(File.ReadAllText(PathOf(file)), "")))
            .Select(match => match.Value)
            .Where(address => !address.StartsWith("tempo:", StringComparison.Ordinal))   // the user's own
            .Distinct();

        Assert.Equal(["alertmanager:9093", "collector:4318", "kafka:9092", "kafka:9093", "prometheus:9090", "worker:9464"], talkedTo.Order(StringComparer.Ordinal));
        Assert.All(talkedTo, address => Assert.Contains(address.Split(':')[0], Names));
    }

    [Fact]
    public void Prometheus_in_a_container_is_configured_as_the_one_beside_a_worker() => Assert.Equal(
        Settings("prometheus.yml").Replace("127.0.0.1:9464", "worker:9464", StringComparison.Ordinal).Replace("127.0.0.1:9093", "alertmanager:9093", StringComparison.Ordinal).Replace("../rules/", "rules/", StringComparison.Ordinal),
        Settings("prometheus.compose.yml"));

    [Fact]
    public async Task Kafka_and_the_collector_have_the_versions_that_tests_run()
    {
        await using var collector = ChildProcess.Start(Parts.Require("OTELCOL"), ["--version"]);
        Assert.Equal(0, await collector.ExitAsync(TimeSpan.FromSeconds(60)));
        var kafka = Directory.GetFiles(Path.Combine(Parts.Require("KAFKA_HOME"), "lib"), "kafka-clients-*.jar").Select(Path.GetFileNameWithoutExtension).Single()!;

        Assert.EndsWith($" {Tag("otel/opentelemetry-collector-contrib")}", collector.Output.Trim(), StringComparison.Ordinal);
        Assert.Equal($"kafka-clients-{Tag("apache/kafka")}", kafka);
    }

    [Fact]
    public void Grafana_has_the_version_whose_types_dashboards_are_checked_against()
    {
        JsonNode package = JsonNode.Parse(File.ReadAllText(Repository.PathOf("tests/grafana/package.json")))!;

        Assert.Equal((string?)package["dependencies"]!["@grafana/schema"], Tag("grafana/grafana"));
    }

    [Fact]
    public void The_image_is_built_of_files_that_there_are()
    {
        var kept = File.ReadLines(PathOf("Dockerfile.dockerignore")).Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();

        Assert.NotEmpty(kept);
        Assert.All(kept, path => Assert.True(Path.Exists(Repository.PathOf(path)), path));
    }

    [Fact]
    public void Scaling_asks_for_metrics_of_the_worker_by_the_job_that_the_operator_makes()
    {
        var scaled = File.ReadAllText(PathOf("kubernetes/scaledobject.yaml"));
        var documented = File.ReadAllText(Repository.PathOf("docs", "worker-metrics.md"));
        var monitor = ShippedRules.Load(PathOf("kubernetes/podmonitor.yaml"));
        var job = $"{ShippedRules.Load(PathOf("kubernetes/kustomization.yaml"))["namespace"]}/{monitor["metadata"]["name"]}";
        var queries = Query().Matches(scaled);

        Assert.Equal(2, queries.Count);
        Assert.All(queries, query => Assert.Contains($"| `{query.Groups["metric"].Value}` |", documented, StringComparison.Ordinal));
        Assert.All(queries, query => Assert.Equal(job, query.Groups["job"].Value));
    }

    private static string PathOf(string file) => Path.GetFullPath(Repository.PathOf("compose", file));

    private static string Settings(string file) => Comment().Replace(File.ReadAllText(PathOf(file)), "").Trim();

    private static string Tag(string image) => Assert.Single(Regex.Matches(Text, $@"image: {image}:(?<tag>\S+)").Select(match => match.Groups["tag"].Value).Distinct());

    [GeneratedRegex("""(?<from>\.\.?/[^:"]*):/""")]
    private static partial Regex Mount();

    [GeneratedRegex("""(?<![\w.-])[a-z]+:[1-9]\d{3}\b""")]
    private static partial Regex Address();

    [GeneratedRegex("""(^|\s)#.*$""", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex("""query: \w+\((?<metric>\w+)\{job="(?<job>[^"]*)"\}\)""")]
    private static partial Regex Query();
}
