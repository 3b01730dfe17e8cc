namespace SpanMetrics.Perf;

/// <summary>Measures what <c>budgets.json</c> has a budget for. Seconds, not minutes: it runs with every check.</summary>
internal static class Budgets
{
    private const int Rounds = 30;

    public static int Check()
    {
        Budget budget = Budget.Read();
        Allocations allocations = Allocations.Measure();
        int broken = 0;
        if (!allocations.MeterWorks)
        {
            Console.WriteLine($"FAILED   the meter of allocations does not see its control ({Ceilings.ControlBytes} bytes a span)");
            broken++;
        }

        broken += Hold("times the tag walk", TimesTheWalk(), budget.TimesTheWalk, budget.Grossly);
        broken += Hold("bytes", Bytes(allocations, LabelSetMemory.Measure()), budget.Bytes, grossly: 1);
        return broken == 0 ? 0 : 1;
    }

    private static Dictionary<string, double> Bytes(Allocations allocations, LabelSetMemory memory) => new()
    {
        ["allocated per span"] = allocations.AllViews,
        ["allocated per label set of a page"] = allocations.Fold + allocations.Render,
        ["held per label set of 16 buckets"] = memory.Folded,
        ["and while its increments wait"] = memory.Waiting,
    };

    private static Dictionary<string, double> TimesTheWalk()
    {
        var ceilings = new Ceilings(AgentSpans.Make());
        var walk = new Measurement("walk", ceilings.Set.Spans, ceilings.Walk);
        var decode = new Measurement("decode", ceilings.Set.Spans, ceilings.Decode);
        var allViews = new Measurement("all views", ceilings.Set.Spans, ceilings.AllViews);
        RoundRobin.Run([walk, decode, allViews], Rounds);
        return new() { [decode.Name] = decode.TimesOf(walk), [allViews.Name] = allViews.TimesOf(walk) };
    }

    // Over the budget is a warning up to grossly times the budget. A name on one side alone is a mistake.
    private static int Hold(string section, Dictionary<string, double> measured, Dictionary<string, double> budgets, double grossly)
    {
        int broken = 0;
        foreach (string name in measured.Keys.Union(budgets.Keys))
        {
            if (!measured.TryGetValue(name, out double value) || !budgets.TryGetValue(name, out double budget))
            {
                Console.WriteLine($"FAILED   {section}, {name}: is {(measured.ContainsKey(name) ? "measured without a budget" : "not measured")}");
                broken++;
                continue;
            }

            bool over = value > budget, failed = value > budget * grossly;
            broken += failed ? 1 : 0;
            Console.WriteLine(Text.Of($"{(failed ? "FAILED " : over ? "WARNING" : "held   ")}  {section}, {name}: {value:0.###}, budget {budget:0.###}"));
        }

        return broken;
    }
}
