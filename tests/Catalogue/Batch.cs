using SpanMetrics.Pipeline;
using SpanMetrics.Tests.Support;
using SpanMetrics.Tests.Unit;

namespace SpanMetrics.Tests.Catalogue;

/// <summary>Good records and an odd one, read together: what the good ones say must be on the page whatever the odd one holds.</summary>
internal static class Batch
{
    private const int GoodRecords = 2;

    /// <summary>A row for each case and position.</summary>
    public static IEnumerable<TheoryDataRow<string, Position>> RowsOf(IEnumerable<Case> cases) =>
        cases.SelectMany(odd => Enum.GetValues<Position>().Select(position =>
            new TheoryDataRow<string, Position>(odd.ToString(), position) { Label = $"{odd}, {position}" }.WithTrait("Catalogue", $"{odd.Number}")));

    public static MetricsPage Check(IEnumerable<Case> cases, string name, Position position)
    {
        Case odd = cases.Single(one => one.ToString() == name);
        MetricsPage page = PageOf(odd, position);

        AssertGoodSpans(odd, page);
        AssertAccounted(odd, page);
        Assert.All(odd.Rows, row => Assert.True(
            row.Value == page.Sum(row.Family, row.Labels),
            $"{row.Family} {string.Join(", ", row.Labels)}: expected {row.Value} in\n{string.Join('\n', page.Family(row.Family))}"));
        // A sum that was not a number once is never one again, and a counter does not fall.
        Assert.All(page.Samples, sample => Assert.True(sample.Value >= 0, sample.ToString()));
        return page;
    }

    private static MetricsPage PageOf(Case odd, Position position)
    {
        ReplaySink sink = Printed.Sink(odd.Limits);
        for (int good = 0; good <= GoodRecords; good++)
        {
            if (good == (int)position)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                sink.Take(odd.Record, isNull: false);
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, odd.Memory);
            }

            if (good < GoodRecords)
            {
                sink.Take(Odd.GoodRecord, isNull: false);
            }
        }

        return Printed.Parsed(sink.Fold());
    }

    private static void AssertGoodSpans(Case odd, MetricsPage page)
    {
        (string, string)[] desk = [("service_name", "desk"), ("source", "kitelogik")];
        (string, string)[] deny = [.. desk, ("outcome", "deny"), ("deny", "true"), ("reason", "policy"), ("risk_tier", "DESTRUCTIVE")];
        (string, string)[] allow = [.. desk, ("outcome", "allow"), ("deny", "false"), ("reason", "none"), ("risk_tier", "INFORMATIONAL")];
        if (odd.Limits.Series > odd.OddSpans)
        {
            deny = [.. deny, ("tool", Odd.GoodDenyTool), ("agent", "desk")]; // beyond the limit tools are told no longer
            allow = [.. allow, ("tool", Odd.GoodAllowTool), ("agent", "desk")];
        }

        Assert.Equal(GoodRecords + odd.Denies, page.Sum(Row.Decisions, deny));
        Assert.Equal(GoodRecords + odd.Allows, page.Sum(Row.Decisions, allow));
    }

    private static void AssertAccounted(Case odd, MetricsPage page)
    {
        double good = (2 * GoodRecords) + odd.Denies + odd.Allows;
        double counted = good + odd.OddSpans;
        Assert.Equal(odd.Invalid, page.Sum("spanmetrics_input_spans_total", ("outcome", "invalid")));
        Assert.Equal(counted, page.Sum("spanmetrics_input_spans_total", ("outcome", "counted")));
        Assert.Equal(counted + odd.Invalid, page.Sum("spanmetrics_input_spans_total"));
        Assert.Equal(counted, page.Sum(Row.Spans));
        Assert.Equal(good + odd.OddDecisions, page.Sum(Row.Decisions));
        Assert.Equal(page.Sum(Row.Spans, ("deny", "true")), page.Sum(Row.Decisions, ("deny", "true")));

        Assert.Equal(GoodRecords + 1, page.Sum("spanmetrics_input_records_total", ("signal", "traces")));
        Assert.Equal(
            odd.Outcome == "ok" ? GoodRecords + 1 : 1,
            page.Sum("spanmetrics_input_records_total", ("outcome", odd.Outcome), ("reason", odd.Reason)));
        Assert.Equal(odd.Outcome == "ok" ? GoodRecords + 1 : GoodRecords, page.Sum("spanmetrics_input_records_total", ("outcome", "ok"), ("reason", "none")));
    }
}
