namespace SpanMetrics.Perf;

/// <summary>The stacked ceilings as one table of one run.</summary>
internal static class CeilingsTable
{
    private const int Rounds = 60;

    public static int Print()
    {
        var ceilings = new Ceilings(AgentSpans.Make());
        ceilings.CheckByHand();
        RecordSet set = ceilings.Set;
        Measurement walk = Of("tag walk", ceilings.Walk);
        var fold = new Measurement("fold", 1, ceilings.Scrape.Fold, prepare: ceilings.AllViews);
        var page = new Measurement("page", 1, ceilings.Scrape.Render);
        Measurement[] rows =
        [
            Of("memory scan", ceilings.Scan),
            walk,
            Of("a plain tag walk", ceilings.WalkPlainly),
            Of("decode", ceilings.Decode),
            Of("+ by hand", ceilings.ByHand),
            Of("+ rules instead", ceilings.Rules),
            Of("+ trace context", ceilings.Context),
            Of("+ one view", ceilings.OneView),
            Of("+ all views", ceilings.AllViews),
            Of("without exemplars", ceilings.AllViewsWithoutExemplars),
            Of("+ render", ceilings.Render),
            Of("Google.Protobuf", ceilings.Parse),
        ];
        RoundRobin.Run([.. rows, fold, page], Rounds);

        Console.WriteLine(Machine.Describe());
        Console.WriteLine(Text.Of($"{set.Spans:N0} spans of {set.BytesPerSpan:F1} bytes in {set.Records.Length} records, {ceilings.Scrape.LabelSets:N0} label sets in all views, {Rounds} rounds on one thread."));
        Console.WriteLine("CPU time; spans/s and GB/s are of the median, times the walk is least by least.");
        Print(rows, walk, set);
        int lines = ceilings.Scrape.Lines;
        Console.WriteLine();
        Console.WriteLine(Text.Of($"A page: {lines:N0} lines, {ceilings.Scrape.Bytes:N0} bytes, {page.MedianNanos / 1e6:F2} ms, {lines * 1e3 / page.MedianNanos:F1} M lines/s: 1 M lines in {page.MedianNanos / lines:F0} ms. The fold before it: {fold.MedianNanos / 1e6:F3} ms."));
        LabelSetMemory memory = LabelSetMemory.Measure();
        Console.WriteLine(Text.Of($"A label set with 16 buckets: {memory.Folded:F0} bytes, {memory.Waiting:F0} while increments wait for a fold ({LabelSetMemory.LabelSets:N0} label sets)."));
        PrintSessions();
        return 0;

        Measurement Of(string name, Action pass) => new(name, set.Spans, pass);
    }

    // Beside decisions, calls: where the trace context has the most to do.
    private static void PrintSessions()
    {
        var ceilings = new Ceilings(SessionSpans.Make());
        RecordSet set = ceilings.Set;
        Measurement walk = Of("tag walk", ceilings.Walk);
        Measurement[] rows = [walk, Of("decode", ceilings.Decode), Of("+ rules", ceilings.Rules), Of("+ trace context", ceilings.Context), Of("+ one view", ceilings.OneView), Of("+ all views", ceilings.AllViews)];
        RoundRobin.Run(rows, Rounds);
        ceilings.Scrape.Fold();

        Console.WriteLine();
        Console.WriteLine(Text.Of($"{set.Spans:N0} spans of {set.BytesPerSpan:F1} bytes of whole sessions, a third of them model or tool calls, {ceilings.Scrape.LabelSets:N0} label sets in all views."));
        Print(rows, walk, set);

        Measurement Of(string name, Action pass) => new(name, set.Spans, pass);
    }

    private static void Print(Measurement[] rows, Measurement walk, RecordSet set)
    {
        var table = new MarkdownTable("per span", "median ns", "least ns", "M spans/s", "GB/s", "times the walk", "bytes allocated");
        foreach (Measurement row in rows)
        {
            table.Add(
                row.Name, Text.Of($"{row.MedianNanos:F1}"), Text.Of($"{row.LeastNanos:F1}"), Text.Of($"{row.OperationsPerSecond / 1e6:F2}"),
                Text.Of($"{set.BytesPerSpan / row.MedianNanos:F2}"), Text.Of($"{row.TimesOf(walk):F2}"), Text.Of($"{row.AllocatedBytes:F2}"));
        }

        table.Print();
    }
}
