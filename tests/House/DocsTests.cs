using System.Text.RegularExpressions;
using SpanMetrics.Aggregation;
using SpanMetrics.Configuration;
using SpanMetrics.Semantics;
using SpanMetrics.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace SpanMetrics.Tests.House;

/// <summary>What README, docs and compose say is what the program does.</summary>
[Collection(ComponentGroup.Name)]
public sealed partial class DocsTests
{
    private const string Program = "artifacts/spanmetrics/spanmetrics";

    private static readonly string Readme = File.ReadAllText(Repository.PathOf("README.md"));

    private static readonly string Profiles = File.ReadAllText(Repository.PathOf("docs", "profiles.md"));

    private static readonly Lazy<Task<MetricsPage>> RunningPage = new(ServedByAWorkerAsync);
    private static readonly Lazy<Task<MetricsPage>> RenamedPage = new(ReplayedWithKitelogiksLabelsAsync);

    public static TheoryData<string> Commands =>
        [.. Documents().SelectMany(file => ShellBlock().Matches(File.ReadAllText(file)).SelectMany(block => CommandsIn(block.Groups["lines"].Value))).Distinct()];

    public static TheoryData<string> Files => Named(Documents());

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_documented_command_works(string command)
    {
        string[] words = [.. Word().Matches(command).Select(word => word.Value.Trim('"'))];
        switch (words)
        {
            case ["make", var target, ..]:
                Assert.Contains(target, MakeTargets());
                break;
            case [Program, "demo", ..]:
                Assert.Fail("the README starts the demo with make, which brings its parts");
                break;
            case [Program, var verb, .. var arguments]:
                // Running the worker needs a Kafka, and the end-to-end tests do that. Here: its configuration is right.
                ProgramResult result = await ProgramUnderTest.RunAsync([verb == "run" ? "check" : verb, .. arguments.Select(FromRoot)]);
                Assert.True(result.ExitCode == 0, result.ToString());
                break;
            case ["rules/kubernetes.sh", .. var arguments]:
                await using (ChildProcess script = ChildProcess.Start(Repository.PathOf("rules", "kubernetes.sh"), arguments))
                {
                    Assert.True(await script.ExitAsync(TimeSpan.FromSeconds(30)) == 0, script.Describe());
                }

                break;
            default:
                Assert.Fail($"no test knows how to check: {command}");
                break;
        }
    }

    [Fact]
    public void A_documented_configuration_is_right()
    {
        using var folder = new TempFolder();
        string[] blocks = [.. YamlBlock().Matches(Readme + Profiles).Select(block => block.Groups["lines"].Value)];

        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => ConfigurationLoader.Load(folder.Write("c.yml", block), [], new Dictionary<string, string>()));
    }

    [Theory]
    [InlineData(typeof(DimensionOptions))]
    [InlineData(typeof(ViewOptions))]
    public void Every_key_of_a_dimension_or_a_view_is_documented(Type options) =>
        Assert.All(KeysOf(options, ""), key => Assert.Contains($"`{key}`", Profiles, StringComparison.Ordinal));

    [Fact]
    public void Targets_of_make_in_running_text_exist()
    {
        string[] named = [.. Documents().SelectMany(file => MakeInText().Matches(File.ReadAllText(file))).Select(match => match.Groups["target"].Value).Distinct()];

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(MakeTargets()));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Relative_links_lead_to_something(string file)
    {
        string folder = Path.GetDirectoryName(Repository.PathOf(file))!;

        string[] targets = [.. Link().Matches(File.ReadAllText(Repository.PathOf(file)))
            .Select(link => link.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith('#'))];

        Assert.All(targets, target => Assert.True(Path.Exists(Path.Combine(folder, target.Split('#')[0])), target));
    }

    [Fact]
    public void The_shipped_configuration_has_every_key_and_no_other()
    {
        using var text = new StreamReader(Repository.PathOf("compose", "spanmetrics.yml"));
        var stream = new YamlStream();
        stream.Load(text);

        Assert.Equal(KeysOf(typeof(SpanMetricsOptions), "").Order(StringComparer.Ordinal), KeysOf(stream.Documents[0].RootNode, "").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_shipped_configuration_has_the_default_of_every_key()
    {
        ProgramResult without = await ProgramUnderTest.RunAsync("check");
        ProgramResult with = await ProgramUnderTest.RunAsync("check", "--config", Repository.PathOf("compose", "spanmetrics.yml"));

        Assert.True(with.ExitCode == 0, with.ToString());
        Assert.NotEmpty(without.Output);
        Assert.Equal(without.Output, with.Output);
    }

    [Fact]
    public async Task The_docs_list_the_families_of_a_running_worker()
    {
        MetricsPage page = await RunningPage.Value;

        var own = page.Types.Keys.Where(name => !name.StartsWith("process_", StringComparison.Ordinal) && !name.StartsWith("dotnet_", StringComparison.Ordinal));
        Assert.Equal(own.Order(StringComparer.Ordinal), DocumentedFamilies().Select(family => family.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_docs_list_the_labels_of_a_family()
    {
        Dictionary<string, HashSet<string>> labels = LabelsByMetric(await RunningPage.Value);
        var listed = DocumentedFamilies().Where(family => family.Labels.Length > 0).ToList();

        Assert.NotEmpty(listed);
        Assert.All(listed, family => Assert.Equal(
            labels.Where(metric => metric.Key == family.Name || metric.Key == family.Name + "_count").SelectMany(metric => metric.Value).Order(StringComparer.Ordinal),
            family.Labels.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Queries_in_the_README_ask_for_metrics_and_labels_that_there_are()
    {
        Dictionary<string, HashSet<string>> metrics = await MetricsAndRecordsAsync();
        Dictionary<string, HashSet<string>> renamed = LabelsByMetric(await RenamedPage.Value);
        string[] queries = [.. InlineCode().Matches(ShellBlock().Replace(Readme, "")).Select(code => code.Groups["text"].Value).Where(code => code.Contains("rate(", StringComparison.Ordinal))];

        Assert.NotEmpty(queries);
        Assert.Empty(queries.SelectMany(query => query.Contains("kitelogik_", StringComparison.Ordinal) ? ProblemsOf(query, renamed) : ProblemsOf(query, metrics)));
    }

    /// <summary>So that the tests of queries see something.</summary>
    [Theory]
    [InlineData("""sum(rate(agent_decision_total[5m]))""", "agent_decision_total")]
    [InlineData("""rate(agent_decisions_total{denied="true"}[5m])""", "denied")]
    [InlineData("""histogram_quantile(0.9, sum by (le, span_name) (rate(agent_decision_duration_seconds_bucket[5m])))""", "span_name")]
    [InlineData("""sum by (tool) (rate(agent_decisions_total[5m] offset 1h)) / on (tools) tool:absent:rate5m > 0.5""", "tool:absent:rate5m", "tools")]
    [InlineData("""sum(rate(agent_decisions_total{deny="true", tool!~"a{b}|c(d)"}[5m])) by (tool, instance) > bool 0 and on (tool) agent_decisions_total""")]
    public async Task Mistakes_in_a_query_are_seen(string query, params string[] mistakes)
    {
        List<string> problems = [.. ProblemsOf(query, LabelsByMetric(await RunningPage.Value)).Distinct()];

        Assert.All(mistakes, mistake => Assert.Contains(problems, problem => problem.Contains($"\"{mistake}\"", StringComparison.Ordinal)));
        Assert.Equal(mistakes.Length == 0, problems.Count == 0);
    }

    /// <summary>The metrics of a worker, with their labels, in each profile.</summary>
    internal static async Task<IReadOnlyList<Dictionary<string, HashSet<string>>>> MetricsByProfileAsync() =>
    [
        LabelsByMetric(await RunningPage.Value),
        LabelsByMetric(await ReplayedAsync("--set", "profile=collector")),
        LabelsByMetric(await ReplayedAsync("--set", "profile=tempo")),
    ];

    private static async Task<MetricsPage> ServedByAWorkerAsync()
    {
        using var broker = new MockKafka();
        await broker.Writer.WriteAllAsync("documented", SpanCapture.Kitelogik("adapter-0.4.0").Records);
        await using Worker worker = Worker.Start(broker.Brokers, "documented", "documented");
        await worker.ReadyAsync();
        return await worker.PageAsync(page => page.Sum("agent_decisions_total") > 0, TimeSpan.FromSeconds(30), "decisions");
    }

    private static Task<MetricsPage> ReplayedWithKitelogiksLabelsAsync() => ReplayedAsync("--config", Repository.PathOf("compose", "spanmetrics.kitelogik.yml"));

    private static async Task<MetricsPage> ReplayedAsync(params string[] options)
    {
        ProgramResult result = await ProgramUnderTest.RunAsync(["replay", .. options, SpanCapture.Kitelogik("adapter-0.4.0").File]);
        Assert.True(result.ExitCode == 0, result.ToString());
        return MetricsPage.Parse(result.Output);
    }

    private static IEnumerable<string> Documents() =>
    [
        Repository.PathOf("README.md"),
        Repository.PathOf("CHANGELOG.md"),
        .. Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal),
    ];

    private static TheoryData<string> Named(IEnumerable<string> files) => [.. files.Select(file => Path.GetRelativePath(Repository.Root, file))];

    private static IEnumerable<string> CommandsIn(string lines) =>
        lines.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Select(line => ShellComment().Replace(line, "").Trim()).Where(line => line.Length > 0);

    private static string FromRoot(string argument) => Path.Exists(Repository.PathOf(argument)) ? Repository.PathOf(argument) : argument;

    // As `make help` finds them.
    private static string[] MakeTargets() =>
        [.. MakeTarget().Matches(File.ReadAllText(Repository.PathOf("Makefile"))).Select(match => match.Groups["target"].Value)];

    // kafka.topics.traces; what a user names, as in views, ends a path.
    private static IEnumerable<string> KeysOf(Type options, string prefix) => options.GetProperties().SelectMany(property =>
    {
        string key = prefix + OptionsBinder.KeyOf(property);
        bool section = property.PropertyType is { IsClass: true, IsArray: false } && property.PropertyType.Namespace!.StartsWith("SpanMetrics", StringComparison.Ordinal);
        return section ? KeysOf(property.PropertyType, key + ".") : [key];
    });

    private static IEnumerable<string> KeysOf(YamlNode node, string prefix) => ((YamlMappingNode)node).Children.SelectMany(entry =>
    {
        string key = prefix + ((YamlScalarNode)entry.Key).Value;
        return entry.Value is YamlMappingNode { Children.Count: > 0 } ? KeysOf(entry.Value, key + ".") : [key];
    });

    // A row is | `family`, `family` | what it counts | `label label` |, the worker's own are a paragraph of `family{label,label}`.
    private static List<(string Name, string[] Labels)> DocumentedFamilies()
    {
        string[] tables = [MetricsSection().Match(Readme).Value, File.ReadAllText(Repository.PathOf("docs/worker-metrics.md"))];
        var families = new List<(string Name, string[] Labels)>();
        foreach (string[] cells in tables.SelectMany(table => table.Split('\n')).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|')))
        {
            string[] labels = InlineCode().Match(cells[3]).Groups["text"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            families.AddRange(InlineCode().Matches(cells[1]).Select(code => (code.Groups["text"].Value, labels)));
        }

        return families;
    }

    // A family that has no sample yet has the labels of its view.
    private static Dictionary<string, HashSet<string>> LabelsByMetric(MetricsPage page)
    {
        var labels = page.Samples.GroupBy(sample => sample.Name).ToDictionary(metric => metric.Key, metric => metric.SelectMany(sample => sample.Labels.Keys).ToHashSet());
        foreach (View view in Views.Build(new Dictionary<string, ViewOptions>()))
        {
            labels.TryAdd(view.CounterFamily, [.. view.LabelNames]);
            if (view.HistogramFamily is string histogram)
            {
                labels.TryAdd($"{histogram}_count", [.. view.LabelNames]);
                labels.TryAdd($"{histogram}_sum", [.. view.LabelNames]);
                labels.TryAdd($"{histogram}_bucket", [.. view.LabelNames, "le"]);
            }
        }

        return labels;
    }

    private static async Task<Dictionary<string, HashSet<string>>> MetricsAndRecordsAsync()
    {
        Dictionary<string, HashSet<string>> metrics = LabelsByMetric(await RunningPage.Value);
        foreach (YamlMappingNode rule in ShippedRules.Rules.Where(rule => ShippedRules.Text(rule, "record").Length > 0))
        {
            metrics[ShippedRules.Text(rule, "record")] = [.. GroupingLabels(rule["expr"].ToString())];
        }

        return metrics;
    }

    private static IEnumerable<string> GroupingLabels(string query) =>
        Grouping().Matches(query).SelectMany(clause => clause.Groups["labels"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct();

    // No parser of PromQL: names are found by what stands around them, and a label that one metric is grouped by is asked of all in the query.
    private static IEnumerable<string> ProblemsOf(string query, Dictionary<string, HashSet<string>> metrics)
    {
        string[] grouping = [.. GroupingLabels(query)];
        foreach (Match metric in Metric().Matches(Grouping().Replace(QuotedOrRange().Replace(query, "\"\""), " ")))
        {
            string name = metric.Groups["name"].Value;
            if (!metrics.TryGetValue(name, out HashSet<string>? labels))
            {
                yield return $"no metric \"{name}\" in: {query}";
            }

            foreach (string label in MatchedLabel().Matches(metric.Groups["matchers"].Value).Select(match => match.Groups["label"].Value).Concat(grouping))
            {
                if (label is not ("job" or "instance") && labels?.Contains(label) == false)
                {
                    yield return $"{name} has no label \"{label}\" in: {query}";
                }
            }
        }
    }

    [GeneratedRegex("""^```(?:sh|bash|shell|console)\n(?<lines>.*?)^```$""", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex("""^```yaml\n(?<lines>.*?)^```$""", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex YamlBlock();

    [GeneratedRegex("""(^|\s)#.*$""")]
    private static partial Regex ShellComment();

    [GeneratedRegex("""(?:"[^"]*"|[^\s"])+""")]
    private static partial Regex Word();

    [GeneratedRegex("""^(?<target>[a-z]+):.*## """, RegexOptions.Multiline)]
    private static partial Regex MakeTarget();

    [GeneratedRegex("""`make (?<target>[^\s`]+)""")]
    private static partial Regex MakeInText();

    [GeneratedRegex("""\]\((?<target>[^)\s]+)\)""")]
    private static partial Regex Link();

    [GeneratedRegex("""(?<!`)`(?<text>[^`]+)`(?!`)""")]
    private static partial Regex InlineCode();

    [GeneratedRegex("""^## Metrics\n.*?(?=^## )""", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex MetricsSection();

    [GeneratedRegex("""\b(?:by|without|on|ignoring|group_left|group_right)\s*\((?<labels>[^)]*)\)""")]
    private static partial Regex Grouping();

    [GeneratedRegex(""""\[[^\]]*\]|"(?:\\.|[^"\\])*["]"""")]
    private static partial Regex QuotedOrRange();

    [GeneratedRegex("""(?<![\w:.$])(?!(?:and|or|unless|bool|offset)\b)(?<name>(?>[A-Za-z_:][\w:]*))(?:\s*\{(?<matchers>[^}]*)\})?(?!\s*\()""")]
    private static partial Regex Metric();

    [GeneratedRegex("""(?<label>\w+)\s*(?:=~|!~|!=|=)""")]
    private static partial Regex MatchedLabel();
}
