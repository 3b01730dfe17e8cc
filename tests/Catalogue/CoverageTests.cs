using System.Reflection;

namespace SpanMetrics.Tests.Catalogue;

public sealed class CoverageTests
{
    private const int Last = 58;

    private static readonly Dictionary<int, string> Untested = new()
    {
        [55] = "no series expires yet; idle eviction comes with the delivery protocol",
    };

    [Fact]
    public void Every_example_of_the_catalogue_has_a_case_or_a_reason()
    {
        Case[] cases = [.. WireTests.Cases, .. SemanticsTests.Cases, .. LabelTests.Cases];
        IEnumerable<int> numbers = cases.Select(one => one.Number).Concat(TestsWithANumber());

        Assert.Equal(Enumerable.Range(1, Last), numbers.Concat(Untested.Keys).Where(number => number <= Last).Distinct().Order());
        Assert.Empty(numbers.Intersect(Untested.Keys));
        Assert.Equal(cases.Length, cases.Select(one => one.ToString()).Distinct().Count());
    }

    private static IEnumerable<int> TestsWithANumber() =>
        typeof(CoverageTests).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(CoverageTests).Namespace)
            .SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttributes<TraitAttribute>())
            .Where(trait => trait.Name == "Catalogue")
            .Select(trait => int.Parse(trait.Value, System.Globalization.CultureInfo.InvariantCulture));
}
