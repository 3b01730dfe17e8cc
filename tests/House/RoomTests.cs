using System.Text.RegularExpressions;

namespace SpanMetrics.Tests.House;

/// <summary>docs/architecture.md: a room may use rooms to its left, never to its right. Here is the whole of what is allowed.</summary>
public sealed class RoomTests
{
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Diagnostics"] = [],
        ["Otlp"] = ["Diagnostics"],
        ["Ingest"] = ["Diagnostics"],
        ["Semantics"] = ["Otlp", "Diagnostics"],
        ["Aggregation"] = ["Semantics", "Otlp", "Diagnostics"],
        ["Exposition"] = ["Aggregation", "Semantics", "Otlp", "Diagnostics"],
        ["Delivery"] = ["Diagnostics"],
        ["Configuration"] = ["Ingest", "Otlp", "Semantics", "Aggregation", "Exposition", "Delivery", "Diagnostics"],
        ["Generator"] = ["Otlp"],
        ["Pipeline"] = ["Ingest", "Otlp", "Semantics", "Aggregation", "Exposition", "Delivery", "Diagnostics"],
        ["Commands"] = ["Ingest", "Otlp", "Semantics", "Aggregation", "Exposition", "Delivery", "Diagnostics", "Configuration", "Generator", "Pipeline"],
    };

    private static readonly string[] KnowKafka = ["Ingest", "Delivery", "Pipeline", "Generator", "Commands"];

    [Fact]
    public void Rooms_use_only_rooms_to_their_left()
    {
        var wrong = new List<string>();
        foreach (SourceFile file in SourceFile.All.Where(file => file.Room.Length > 0))
        {
            foreach (string used in MayUse.Keys.Where(room => room != file.Room && Uses(file, room)))
            {
                if (!MayUse[file.Room].Contains(used))
                {
                    wrong.Add($"{file} uses {used}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    /// <summary>So that the test above sees something.</summary>
    [Fact]
    public void The_uses_are_seen()
    {
        Assert.True(Uses(File("Aggregation/View.cs"), "Semantics"));                 // using SpanMetrics.Semantics;
        Assert.True(Uses(File("Pipeline/PartitionWorker.cs"), "Otlp"));              // Otlp.DecodeStatus
        Assert.False(Uses(File("Aggregation/View.cs"), "Pipeline"));
    }

    [Fact]
    public void Every_folder_is_a_room_and_every_file_is_of_the_namespace_of_its_room()
    {
        string[] rooms = [.. SourceFile.All.Select(file => file.Room).Where(room => room.Length > 0).Distinct().Order(StringComparer.Ordinal)];

        Assert.Equal(MayUse.Keys.Order(StringComparer.Ordinal), rooms);
        Assert.All(SourceFile.All.Where(file => file.Room.Length > 0), file => Assert.Contains($"namespace SpanMetrics.{file.Room};", file.Lines));
    }

    [Fact]
    public void Only_rooms_at_the_edge_know_Kafka()
    {
        SourceFile[] others = [.. SourceFile.All.Where(file => file.Code.Contains("Confluent.Kafka", StringComparison.Ordinal) && !KnowKafka.Contains(file.Room))];

        Assert.Empty(others);
    }

    private static SourceFile File(string place) => SourceFile.All.Single(file => file.Place == place);

    // SpanMetrics.Room, in a using or in full; or Room.Type, as the enclosing namespace allows.
    private static bool Uses(SourceFile file, string room) =>
        Regex.IsMatch(file.Code, $@"\bSpanMetrics\.{room}\b") ||
        Regex.Matches(file.Code, $@"(?<![\w.]){room}\.(\w+)").Any(match => TypesOf(room).Contains(match.Groups[1].Value));

    private static IEnumerable<string> TypesOf(string room) => SourceFile.All.Where(file => file.Room == room).SelectMany(file => file.Types);
}
