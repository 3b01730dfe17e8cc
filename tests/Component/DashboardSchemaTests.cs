using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Component;

[Collection(ComponentGroup.Name)]
public sealed class DashboardSchemaTests
{
    private static readonly string[] Scripts = ["check.js", "dashboard.ts", "package.json", "tsconfig.json"];

    [Fact]
    public async Task Dashboards_are_as_the_types_that_Grafana_publishes()
    {
        using var folder = new TempFolder();

        (int code, string output) = await CheckAsync(folder, [.. ShippedDashboard.All.Select(dashboard => dashboard.File)]);

        Assert.Equal("", output);
        Assert.Equal(0, code);
    }

    /// <summary>So that the schema sees something.</summary>
    [Fact]
    public async Task Mistakes_in_a_dashboard_are_seen()
    {
        (string Right, string Wrong, string Place)[] mistakes =
        [
            ("\"schemaVersion\": 39", "\"schemaVersion\": \"39\"", "/schemaVersion must be number"),
            ("\"graphTooltip\"", "\"graphTooltips\"", "must NOT have additional properties {\"additionalProperty\":\"graphTooltips\"}"),
            ("\"colorMode\": \"value\"", "\"colorMode\": \"red\"", "/options/colorMode must be equal"),
            ("\"drawStyle\": \"line\"", "\"drawStyle\": \"lines\"", "/fieldConfig/defaults/custom/drawStyle must be equal"),
            ("\"expr\"", "\"query\"", "/targets/0 must have required property 'expr'"),
        ];
        using var folder = new TempFolder();
        string text = await File.ReadAllTextAsync(ShippedDashboard.All.Single(dashboard => dashboard.Name == "decisions").File, TestContext.Current.CancellationToken);
        Assert.All(mistakes, mistake => Assert.Contains(mistake.Right, text, StringComparison.Ordinal));

        (int code, string output) = await CheckAsync(folder, [.. mistakes.Select((mistake, i) => folder.Write($"{i}.json", text.Replace(mistake.Right, mistake.Wrong, StringComparison.Ordinal)))]);

        Assert.Equal(1, code);
        Assert.Equal(
            mistakes.Select((mistake, i) => $"{i}.json {mistake.Place}"),
            mistakes.Select((mistake, i) => $"{i}.json {(output.Split('\n').Any(line => line.Contains($"{i}.json", StringComparison.Ordinal) && line.Contains(mistake.Place, StringComparison.Ordinal)) ? mistake.Place : output)}"));
    }

    // Node looks for packages beside the script.
    private static async Task<(int Code, string Output)> CheckAsync(TempFolder folder, params string[] files)
    {
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "node_modules"), Path.Combine(Parts.Require("GRAFANA_TYPES"), "node_modules"));
        foreach (string script in Scripts)
        {
            File.Copy(Repository.PathOf("tests", "grafana", script), Path.Combine(folder.Path, script));
        }

        await using ChildProcess node = ChildProcess.Start("node", [Path.Combine(folder.Path, "check.js"), .. files]);
        int code = await node.ExitAsync(TimeSpan.FromMinutes(2));
        Assert.True(node.Error.Length == 0, node.Describe());
        return (code, node.Output);
    }
}
