using System.Text.Json;

namespace SpanMetrics.Tests.Support;

/// <summary>
/// What was booked while a capture was driven (or a load generated): family to rows. The rule of comparison:
/// the sum over all series that carry a row's labels equals its value, and no series lies outside all rows.
/// </summary>
internal sealed class Expectation(IReadOnlyDictionary<string, IReadOnlyList<ExpectedRow>> families)
{
    public IReadOnlyDictionary<string, IReadOnlyList<ExpectedRow>> Families => families;

    public static Expectation Read(string file) => Parse(File.ReadAllText(file));

    public static Expectation Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new Expectation(document.RootElement.GetProperty("expect").EnumerateObject().ToDictionary(
            family => family.Name,
            family => (IReadOnlyList<ExpectedRow>)[.. family.Value.EnumerateArray().Select(Row)]));
    }

    /// <summary>What all of them together make of one family. Each must name it.</summary>
    public static Expectation Sum(string family, IEnumerable<Expectation> expectations)
    {
        var rows = expectations
            .SelectMany(expectation => expectation.Families[family])
            .GroupBy(row => string.Join(",", row.Labels.OrderBy(label => label.Key).Select(label => $"{label.Key}={label.Value}")))
            .Select(same => new ExpectedRow(same.First().Labels, same.Any(row => row.Value is null) ? null : same.Sum(row => row.Value)));
        return new Expectation(new Dictionary<string, IReadOnlyList<ExpectedRow>> { [family] = [.. rows] });
    }

    /// <summary>Sum over the rows of a family.</summary>
    public double Total(string family) => families[family].Sum(row => row.Value ?? 0);

    /// <summary>Where the samples do not meet one of the families, but for those of <paramref name="except"/>.</summary>
    public IReadOnlyList<string> Differences(IEnumerable<Sample> samples, params IEnumerable<string> except) =>
        [.. families.Keys.Except(except).SelectMany(family => Differences(family, samples))];

    /// <summary>Where the samples do not meet this family; empty when they do. A family that is not there is an empty one.</summary>
    public IReadOnlyList<string> Differences(string family, IEnumerable<Sample> samples)
    {
        var differences = new List<string>();
        var left = samples.Where(sample => sample.Name == family).ToList();
        foreach (var row in families[family])
        {
            var carrying = left.Where(sample => sample.Carries(row.Labels)).ToList();
            left.RemoveAll(carrying.Contains);
            var sum = carrying.Sum(sample => sample.Value);
            if (carrying.Count == 0 || (row.Value is { } value && !IsSame(sum, value)))
            {
                differences.Add($"{family}{row}: expected {row.Value?.ToString() ?? "any"}, got {(carrying.Count == 0 ? "no series" : sum)}");
            }
        }
        differences.AddRange(left.Select(sample => $"outside all rows: {sample}"));
        return differences;
    }

    // Costs are sums of decimal fractions.
    private static bool IsSame(double one, double other) => Math.Abs(one - other) <= 1e-9 * Math.Max(1, Math.Abs(other));

    private static ExpectedRow Row(JsonElement row)
    {
        var value = row.GetProperty("value");
        return new ExpectedRow(
            row.EnumerateObject().Where(label => label.Name != "value").ToDictionary(label => label.Name, label => label.Value.GetString()!),
            value.ValueKind == JsonValueKind.Null ? null : value.GetDouble());
    }
}
