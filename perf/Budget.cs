using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpanMetrics.Perf;

/// <summary>What <c>budgets.json</c> allows. Bytes repeat exactly and are held to; times are those of a noisy machine.</summary>
internal sealed class Budget
{
    private static readonly JsonSerializerOptions Strict = new() { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    [JsonPropertyName("bytes")]
    public required Dictionary<string, double> Bytes { get; init; }

    [JsonPropertyName("times the tag walk")]
    public required Dictionary<string, double> TimesTheWalk { get; init; }

    /// <summary>A time this many times over its budget is no noise any more.</summary>
    [JsonPropertyName("grossly")]
    public required double Grossly { get; init; }

    public static Budget Read() =>
        JsonSerializer.Deserialize<Budget>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "budgets.json")), Strict)
        ?? throw new JsonException("budgets.json holds null");
}
