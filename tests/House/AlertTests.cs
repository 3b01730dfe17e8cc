using System.Text.Json;
using System.Text.RegularExpressions;
using SpanMetrics.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace SpanMetrics.Tests.House;

/// <summary>Alerts, thresholds, their unit tests, their runbooks and the dashboards they lead to are in step.</summary>
[Collection(ComponentGroup.Name)]
public sealed partial class AlertTests
{
    // By the metric contract; other work brings them. One that is on the page must leave this list.
    private static readonly HashSet<string> ToCome =
        ["spanmetrics_commit_held_seconds", "spanmetrics_poison_batches_total", "spanmetrics_fenced"];

    private static readonly HashSet<string> Severities = ["critical", "warning", "info", "none"];

    private static readonly HashSet<string> Categories = ["deny", "slo", "policy", "hitl", "model", "cost", "telemetry", "pipeline", "watchdog"];

    private static readonly string Docs = File.ReadAllText(Repository.PathOf("docs", "alerting.md"));

    public static TheoryData<string> Alerts => [.. ShippedRules.AlertNames];

    [Theory]
    [MemberData(nameof(Alerts))]
    public void An_alert_has_a_runbook_and_a_dashboard(string alert)
    {
        string section = Regex.Match(Docs, $@"^### {alert}\n(?<text>.*?)(?=^##|\z)", RegexOptions.Multiline | RegexOptions.Singleline).Groups["text"].Value;
        Assert.All(["**Means.**", "**Look first.**", "**Do.**", "**Silence.**"], part => Assert.Contains(part, section, StringComparison.Ordinal));
        string[] dashboards = [.. DashboardLink().Matches(section).Select(link => UidOf(Repository.PathOf("docs", link.Groups["file"].Value)))];

        foreach (YamlMappingNode rule in ShippedRules.Alerts.Where(rule => ShippedRules.Text(rule, "alert") == alert))
        {
            var annotations = (YamlMappingNode)rule["annotations"];
            Assert.Contains(ShippedRules.Text((YamlMappingNode)rule["labels"], "severity"), Severities);
            Assert.Contains(ShippedRules.Text((YamlMappingNode)rule["labels"], "category"), Categories);
            Assert.NotEmpty(ShippedRules.Text(annotations, "summary"));
            Assert.NotEmpty(ShippedRules.Text(annotations, "description"));
            Assert.Equal($"docs/alerting.md#{alert.ToLowerInvariant()}", ShippedRules.Text(annotations, "runbook_url"));
            Assert.Contains(DashboardPath().Match(ShippedRules.Text(annotations, "dashboard_url")).Groups["uid"].Value, dashboards);
        }
    }

    [Fact]
    public void A_runbook_is_of_an_alert_that_there_is() => Assert.Equal(
        ShippedRules.AlertNames.Order(StringComparer.Ordinal), Section().Matches(Docs).Select(section => section.Groups["name"].Value).Order(StringComparer.Ordinal));

    [Fact]
    public void Thresholds_that_rules_ask_for_are_those_that_are_set()
    {
        string[] asked = [.. ShippedRules.Rules.SelectMany(rule => AskedThreshold().Matches(rule["expr"].ToString())).Select(match => match.Groups["name"].Value).Distinct().Order(StringComparer.Ordinal)];
        string[] set = [.. ShippedRules.Rules.Where(rule => ShippedRules.Text(rule, "record") is "spanmetrics_threshold_default" or "spanmetrics_worker_threshold").Select(rule => ShippedRules.Text((YamlMappingNode)rule["labels"], "threshold")).Order(StringComparer.Ordinal)];

        Assert.NotEmpty(asked);
        Assert.Equal(set, asked);
    }

    [Theory]
    [MemberData(nameof(Alerts))]
    public void An_alert_is_tested_to_fire_to_resolve_and_to_stay_quiet(string alert)
    {
        YamlMappingNode[] firing = [.. ShippedRules.TestCases.Where(test => Checks(test).Any(check => Expects(check, alert)))];

        Assert.NotEmpty(firing);
        if (alert != "SpanMetricsWatchdog")
        {
            Assert.Contains(firing, test => !Expects(Checks(test)[^1], alert));
            Assert.Contains(ShippedRules.TestCases, test => test["name"].ToString().Contains($"{alert} stays quiet", StringComparison.Ordinal) && !Checks(test).Any(check => Expects(check, alert)));
        }
    }

    /// <summary>Alerts fire on the series of their unit tests, so these are the names and labels that the rules ask for.</summary>
    [Fact]
    public async Task Series_in_the_unit_tests_of_rules_are_those_of_a_worker()
    {
        IReadOnlyList<Dictionary<string, HashSet<string>>> profiles = await DocsTests.MetricsByProfileAsync();
        Match[] series = [.. ShippedRules.TestCases.SelectMany(test => ShippedRules.Items(test, "input_series")).Select(item => Series().Match(item["series"].ToString()))];

        Assert.NotEmpty(series);
        Assert.Empty(series.Select(one => ProblemOf(one, profiles)).Where(problem => problem.Length > 0).Distinct());
        Assert.DoesNotContain(ToCome, profiles[0].ContainsKey);
    }

    private static string ProblemOf(Match series, IReadOnlyList<Dictionary<string, HashSet<string>>> profiles)
    {
        string name = series.Groups["name"].Value;
        string[] labels = [.. Label().Matches(series.Groups["labels"].Value).Select(label => label.Groups["name"].Value).Where(label => label is not ("job" or "instance"))];
        bool isPrinted = profiles.Any(metrics => metrics.TryGetValue(name, out HashSet<string>? printed) && printed.SetEquals(labels));
        return isPrinted || name is "up" or "spanmetrics_threshold_override" || ToCome.Contains(name) ? "" : $"no worker prints {series.Value}";
    }

    private static YamlMappingNode[] Checks(YamlMappingNode test) => [.. ShippedRules.Items(test, "promql_expr_test")];

    private static bool Expects(YamlMappingNode check, string alert) =>
        ShippedRules.Items(check, "exp_samples").Any(sample => ShippedRules.Text(sample, "labels").Contains($"alertname=\"{alert}\"", StringComparison.Ordinal));

    private static string UidOf(string dashboard)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(dashboard));
        return json.RootElement.GetProperty("uid").GetString()!;
    }

    [GeneratedRegex("""\]\((?<file>\.\./dashboards/[^)]+\.json)\)""")]
    private static partial Regex DashboardLink();

    [GeneratedRegex("""^/d/(?<uid>[\w-]+)(\?|$)""")]
    private static partial Regex DashboardPath();

    [GeneratedRegex("""^### (?<name>\w+)$""", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex("""spanmetrics_(?:worker_)?threshold\{threshold="(?<name>\w+)"\}""")]
    private static partial Regex AskedThreshold();

    [GeneratedRegex("""^(?<name>\w+)\{(?<labels>.*)\}$""")]
    private static partial Regex Series();

    [GeneratedRegex("""(?<name>\w+)="[^"]*["]""")]
    private static partial Regex Label();
}
