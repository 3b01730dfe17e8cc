using SpanMetrics.Aggregation;
using SpanMetrics.Pipeline;

namespace SpanMetrics.Perf;

/// <summary>How decode to all views scales: one table for each of label sets, attributes, spans in a record and new values.</summary>
internal static class Curves
{
    private const int Rounds = 20;

    public static int Print()
    {
        Console.WriteLine(Machine.Describe());
        LabelSets();
        Attributes();
        SpansInARecord();
        NewValues();
        return 0;
    }

    // In random order. Every view has as many; bytes are of one label set in one view.
    private static void LabelSets()
    {
        var table = new MarkdownTable("label sets in each view", "median ns/span", "least", "M spans/s", "bytes held for each", "and waiting for a fold");
        var rows = new List<(Measurement Time, LabelSetMemory? Memory)>();
        foreach (int labelSets in (int[])[1, 1_000, 100_000, 1_000_000])
        {
            LabelSetMemory memory = LabelSetMemory.Measure(Pipelines.AllViews(Pipelines.NoLimits), labelSets, out NumberedFeed feed);
            feed.FeedAll(); // a row of increments for each, as before the fold
            rows.Add((new Measurement(Text.Of($"{labelSets:N0}"), feed.Spans, feed.Feed, () => feed.Shuffle()), labelSets == 1 ? null : memory));
        }

        RoundRobin.Run([.. rows.Select(row => row.Time)], Rounds);
        foreach ((Measurement time, LabelSetMemory? memory) in rows)
        {
            table.Add([time.Name, .. Times(time), Text.Of($"{memory?.Folded:F0}"), Text.Of($"{memory?.Waiting:F0}")]);
        }

        table.Print();
    }

    private static void Attributes() => OverSets(
        "attributes of a span", [5, 12, 40, 200], attributes => AgentSpans.Make(attributes: attributes));

    private static void SpansInARecord() => OverSets(
        "spans in a record", [1, 100, 10_000], spans => AgentSpans.Make(spansPerRecord: spans));

    private static void OverSets(string what, int[] points, Func<int, RecordSet> make)
    {
        var table = new MarkdownTable(what, "median ns/span", "least", "M spans/s", "bytes/span", "GB/s");
        var rows = new List<(Measurement Time, RecordSet Set)>();
        foreach (int point in points)
        {
            RecordSet set = make(point);
            var sink = Pipelines.AllViews(Pipelines.NoLimits);
            rows.Add((new Measurement(Text.Of($"{point:N0}"), set.Spans, () => set.Feed(sink)), set));
        }

        RoundRobin.Run([.. rows.Select(row => row.Time)], Rounds);
        foreach ((Measurement time, RecordSet set) in rows)
        {
            table.Add([time.Name, .. Times(time), Text.Of($"{set.BytesPerSpan:F0}"), Text.Of($"{set.BytesPerSpan / time.MedianNanos:F2}")]);
        }

        table.Print();
    }

    // A share of spans with a tool never seen before, so that this many come in a second at the speed without any. Collections of
    // garbage are in the time.
    private static void NewValues()
    {
        const int known = 1_000;
        var small = new AggregationOptions { Series = 2 * known, LabelValues = 2 * known };
        Measurement none = Of("0", Pipelines.NoLimits, 0);
        RoundRobin.Run([none], Rounds);
        double second = 1 / none.OperationsPerSecond;
        Measurement[] rows =
        [
            Of("0", Pipelines.NoLimits, 0),
            Of("1,000", Pipelines.NoLimits, 1_000 * second),
            Of("100,000", Pipelines.NoLimits, 100_000 * second),
            Of("100,000, limits reached", small, 100_000 * second),
        ];
        RoundRobin.Run(rows, Rounds);
        var table = new MarkdownTable("new tool names a second", "median ns/span", "least", "M spans/s", "bytes allocated/span");
        foreach (Measurement row in rows)
        {
            table.Add([row.Name, .. Times(row), Text.Of($"{row.AllocatedBytes:F2}")]);
        }

        table.Print();

        Measurement Of(string name, AggregationOptions limits, double share)
        {
            var feed = new NumberedFeed(Pipelines.AllViews(limits), known);
            feed.FeedAll();
            return new Measurement(name, feed.Spans, feed.Feed, () => feed.Shuffle(share));
        }
    }

    private static string[] Times(Measurement time) =>
        [Text.Of($"{time.MedianNanos:F1}"), Text.Of($"{time.LeastNanos:F1}"), Text.Of($"{time.OperationsPerSecond / 1e6:F2}")];
}
