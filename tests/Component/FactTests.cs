using SpanMetrics.Tests.Support;
using SpanMetrics.Tests.Unit;

namespace SpanMetrics.Tests.Component;

/// <summary>What no capture shows: spans as emitters' sources write them. Not captured, but read.</summary>
public sealed class FactTests
{
    public static TheoryData<string> All => [.. Fact.All.Select(fact => fact.Name)];

    [Theory]
    [MemberData(nameof(All))]
    public void A_fact_of_an_emitters_source_moves_what_it_should(string name)
    {
        var fact = Fact.All.Single(one => one.Name == name);

        var page = Printed.Parsed(FactReplay.PageOf(FactReplay.OptionsOf(fact.Settings), [(fact.Traces, fact.Logs)]));

        var differences = fact.Expected.Differences(page.Samples);
        Assert.True(differences.Count == 0, $"{name}:\n{string.Join('\n', differences)}");
    }
}
