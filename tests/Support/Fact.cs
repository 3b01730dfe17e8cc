using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace SpanMetrics.Tests.Support;

/// <summary>What an emitter's source says of its telemetry where no capture shows it: spans or log records, and all that they move. tests/data/facts has the form.</summary>
internal sealed class Fact
{
    // The families that a fact tells whole: one that it does not name must stay empty. Others are told where they matter.
    private static readonly string[] Told =
        ["decisions", "tool_calls", "model_calls", "tokens", "cost_usd", "runs", "delegations", "sanitizer_runs", "mcp_server_calls", "log_events", "ignored_spans"];

    private static readonly string[] Keys = ["origin", "set", "span", "spans", "log", "moves"];

    private Fact(string name, YamlMappingNode body)
    {
        Assert.All(body.Children.Keys, key => Assert.Contains(key.ToString(), Keys));
        Assert.NotEqual("", FactRecords.Text(body, "origin"));
        Name = name;
        Settings = FactRecords.Text(body, "set") is { Length: > 0 } setting ? [setting] : [];
        Traces = FactRecords.Traces(name, [.. Items(body, "span"), .. Items(body, "spans")]);
        Logs = FactRecords.Logs(name, [.. Items(body, "log")]);
        Expected = Moves((YamlMappingNode)body.Children["moves"]);
    }

    public static IReadOnlyList<Fact> All { get; } =
    [
        .. Directory.GetFiles(Repository.PathOf("tests", "data", "facts"), "*.yaml").Order(StringComparer.Ordinal).SelectMany(Read),
    ];

    /// <summary>File and sentence.</summary>
    public string Name { get; }

    public string[] Settings { get; }

    public IReadOnlyList<byte[]> Traces { get; }

    public IReadOnlyList<byte[]> Logs { get; }

    public Expectation Expected { get; }

    private static IEnumerable<Fact> Read(string file)
    {
        var stream = new YamlStream();
        using var text = new StreamReader(file);
        stream.Load(text);
        return ((YamlMappingNode)stream.Documents[0].RootNode).Children
            .Select(fact => new Fact($"{Path.GetFileNameWithoutExtension(file)}: {fact.Key}", (YamlMappingNode)fact.Value));
    }

    private static Expectation Moves(YamlMappingNode moves)
    {
        var families = Told.ToDictionary(FamilyOf, _ => (IReadOnlyList<ExpectedRow>)[]);
        foreach (var family in moves.Children.Keys)
        {
            families[FamilyOf(family.ToString())] = [.. Items(moves, family.ToString()).Select(Row)];
        }

        return new Expectation(families);
    }

    private static string FamilyOf(string name) =>
        name == "nested_spans" ? $"spanmetrics_{name}_total" : name.EndsWith("_count", StringComparison.Ordinal) ? $"agent_{name}" : $"agent_{name}_total";

    private static ExpectedRow Row(YamlMappingNode row) => new(
        row.Children.Where(label => label.Key.ToString() != "value").ToDictionary(label => label.Key.ToString(), label => label.Value.ToString()),
        FactRecords.Text(row, "value") is { Length: > 0 } value ? double.Parse(value, CultureInfo.InvariantCulture) : 1);

    private static IEnumerable<YamlMappingNode> Items(YamlMappingNode mapping, string key) =>
        !mapping.Children.TryGetValue(key, out var node) ? []
        : node is YamlSequenceNode list ? list.Children.Cast<YamlMappingNode>()
        : [(YamlMappingNode)node];
}
