using YamlDotNet.RepresentationModel;

namespace SpanMetrics.Tests.Support;

/// <summary>The files in `rules/` and their unit tests, as YAML.</summary>
internal static class ShippedRules
{
    public static string[] Files { get; } = FilesIn("rules");

    public static string[] Tests { get; } = FilesIn("rules", "tests");

    public static IReadOnlyList<YamlMappingNode> Rules { get; } =
        [.. Files.SelectMany(file => Items(Load(file), "groups")).SelectMany(group => Items(group, "rules"))];

    public static IReadOnlyList<YamlMappingNode> Alerts { get; } = [.. Rules.Where(rule => Text(rule, "alert").Length > 0)];

    public static IReadOnlyList<string> AlertNames { get; } = [.. Alerts.Select(alert => Text(alert, "alert")).Distinct()];

    public static IReadOnlyList<YamlMappingNode> TestCases { get; } = [.. Tests.SelectMany(file => Items(Load(file), "tests"))];

    public static YamlMappingNode Load(string file)
    {
        using var text = new StreamReader(file);
        var stream = new YamlStream();
        stream.Load(text);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    public static IEnumerable<YamlMappingNode> Items(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out YamlNode? items) ? ((YamlSequenceNode)items).Cast<YamlMappingNode>() : [];

    public static string Text(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out YamlNode? value) ? value.ToString() : "";

    private static string[] FilesIn(params string[] folder) => [.. Directory.GetFiles(Repository.PathOf(folder), "*.yml").Order(StringComparer.Ordinal)];
}
