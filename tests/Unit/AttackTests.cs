using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Pipeline;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Unit;

/// <summary>A million tool names from one sender, at the limits as they are shipped.</summary>
public sealed class AttackTests
{
    private const int Names = 1_000_000;
    private const long MostBytes = 400_000_000; // of everything: spans, series, page

    [Fact]
    public void A_million_tool_names_are_bounded_in_memory_and_hide_no_deny_and_no_other_service()
    {
        byte[] quiet = OtlpBytes.Record("quiet", "kitelogik.tether", Gate("refund", true), Gate("search", false));
        ReplaySink sink = Printed.Sink();
        sink.Take(quiet, isNull: false);
        string before = Quiet(sink.Fold());
        long start = GC.GetTotalMemory(forceFullCollection: true);
        for (int name = 0; name < Names; name += 100)
        {
            sink.Take(OtlpBytes.Record("attacker", "kitelogik.tether", [.. Enumerable.Range(name, 100).Select(number => Gate($"tool{number}", number % 10 == 0))]), isNull: false);
            if (name % 100_000 == 0)
            {
                sink.Fold(); // as scrapes do
            }
        }

        Page page = sink.Fold();
        long held = GC.GetTotalMemory(forceFullCollection: true) - start;

        MetricsPage parsed = Printed.Parsed(page);
        Assert.Equal((Names / 10) + 1, parsed.Sum("agent_decisions_total", ("deny", "true")));
        Assert.Equal(Names / 10, parsed.Sum("agent_decisions_total", ("deny", "true"), ("service_name", "attacker")));
        Assert.Equal(Names + 2, parsed.Sum("traces_spanmetrics_calls_total"));
        Assert.Equal(before, Quiet(page));
        Assert.All(page.Views, view => Assert.InRange(view.SeriesCount, 0, view.Limit + 100)); // what governs is told apart beyond it
        Assert.InRange(held, 0, MostBytes);
        sink.Take(quiet, isNull: false);
        Assert.Equal(2, Printed.Parsed(sink.Fold()).Sum("agent_decisions_total", ("service_name", "quiet"), ("tool", "refund"), ("deny", "true")));
    }

    private static byte[] Gate(string tool, bool isDenied) => OtlpBytes.Span(
        "policy_gate.evaluate",
        OtlpBytes.Attribute("kitelogik.tool_name", tool), OtlpBytes.Attribute("kitelogik.policy.deny", isDenied), OtlpBytes.Attribute("kitelogik.policy.allow", !isDenied));

    private static string Quiet(Page page) =>
        string.Join('\n', Printed.Text(page).Split('\n').Where(line => line.Contains("service_name=\"quiet\"", StringComparison.Ordinal)));
}
