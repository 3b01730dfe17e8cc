using System.Text.Json.Nodes;

namespace SpanMetrics.Tests.Support;

/// <summary>A file of `dashboards/` as Grafana reads it.</summary>
internal sealed class ShippedDashboard(string file)
{
    public static IReadOnlyList<ShippedDashboard> All { get; } =
        [.. Directory.GetFiles(Repository.PathOf("dashboards"), "*.json").Order(StringComparer.Ordinal).Select(file => new ShippedDashboard(file))];

    public string File => file;

    public string Name { get; } = Path.GetFileNameWithoutExtension(file);

    public JsonNode Json { get; } = JsonNode.Parse(System.IO.File.ReadAllText(file))!;

    public IEnumerable<JsonNode> Panels => Objects(Json["panels"]);

    /// <summary>Panels that show something.</summary>
    public IEnumerable<JsonNode> Charts => Panels.Where(panel => (string?)panel["type"] != "row");

    public IEnumerable<JsonNode> Variables => Objects(Json["templating"]!["list"]);

    public IEnumerable<string> VariableQueries => Variables.Where(variable => (string?)variable["type"] == "query").Select(variable => (string)variable["query"]!["query"]!);

    public IEnumerable<JsonNode> Annotations => Objects(Json["annotations"]!["list"]);

    public IEnumerable<PanelQuery> Queries => Charts.SelectMany(panel => Objects(panel["targets"]).Select(target => new PanelQuery(
        $"{Name}, panel {panel["id"]}, {target["refId"]}",
        (string)panel["title"]!,
        (string)target["expr"]!,
        (string)target["legendFormat"]!,
        (bool)target["instant"]!,
        (bool)target["exemplar"]!)));

    private static IEnumerable<JsonNode> Objects(JsonNode? array) => array!.AsArray().Select(item => item!);
}
