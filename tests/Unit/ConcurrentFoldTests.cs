using System.Diagnostics;
using SpanMetrics.Pipeline;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Unit;

/// <summary>Pages read as fast as they can be while workers count as fast as they can.</summary>
public sealed class ConcurrentFoldTests
{
    private const int Records = 400;
    private const int SpansOfARecord = 3;
    private const string Counter = "agent_decisions_total";

    private const int Pages = 5; // at least, however long they take

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1.5);

    [Fact]
    public async Task Every_page_has_whole_records_only_and_the_last_one_has_all()
    {
        byte[][] records = [.. Enumerable.Range(0, Records).Select(Record)];
        FedWorker[] workers = [new(records, 1), new(records, 2), new(records, 3)];
        var keeper = new PageKeeper(Printed.DefaultViews, new(), workers.Length, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        long start = Stopwatch.GetTimestamp();
        Task<WorkerHandover>[] running = Array.ConvertAll(workers, worker => worker.RunAsync(stop.Token));
        Dictionary<string, double> before = [];
        for (int pages = 0; !stop.IsCancellationRequested; pages++)
        {
            if (pages >= Pages && Stopwatch.GetElapsedTime(start) > Duration)
            {
                await stop.CancelAsync(); // and one more page, while they stop
            }

            // A worker that has stopped answers no more; the others' increments are folded with their last.
            Task<WorkerHandover>[] asked = Array.ConvertAll(workers, worker => worker.HandOverAsync());
            for (int worker = 0; worker < workers.Length; worker++)
            {
                await Task.WhenAny(asked[worker], running[worker]);
                if (asked[worker].IsCompleted)
                {
                    keeper.Fold(worker, await asked[worker]);
                }
            }

            before = Check(keeper, before);
        }

        for (int worker = 0; worker < workers.Length; worker++)
        {
            keeper.Fold(worker, await running[worker]);
        }

        Dictionary<string, double> last = Check(keeper, before);
        for (int record = 0; record < Records; record++)
        {
            Assert.Equal(workers.Sum(worker => worker.Fed[record]), last.GetValueOrDefault($"record {record} span 0"));
        }
    }

    /// <summary>The page's counts by tool, none less than before.</summary>
    private static Dictionary<string, double> Check(PageKeeper keeper, Dictionary<string, double> before)
    {
        string[] lines = Printed.Text(keeper.Page()).Split('\n');
        MetricsPage page = MetricsPage.Parse(string.Join('\n', lines.Where(line => !line.Contains("_bucket{", StringComparison.Ordinal))));
        var counts = page.Family(Counter).ToDictionary(sample => sample.Labels["tool"], sample => sample.Value);
        for (int record = 0; record < Records; record++)
        {
            double[] spans = [.. Enumerable.Range(0, SpansOfARecord).Select(span => counts.GetValueOrDefault($"record {record} span {span}"))];
            Assert.True(spans.All(count => count == spans[0]), $"record {record} is torn: {string.Join(", ", spans)}");
        }

        Assert.All(before, row => Assert.InRange(counts[row.Key], row.Value, double.MaxValue));
        double counted = page.Sum("spanmetrics_input_spans_total", ("outcome", "counted")), read = page.Sum("spanmetrics_input_records_total");
        Assert.Equal(counts.Values.Sum(), counted);
        Assert.Equal(counted, page.Sum("traces_spanmetrics_calls_total"));
        Assert.Equal(counted, page.Sum("traces_spanmetrics_duration_seconds_count"));
        Assert.Equal(counted, page.Sum("agent_decision_duration_seconds_count"));
        Assert.Equal(SpansOfARecord * read, counted);
        Assert.Equal((SpansOfARecord + 1) * read, page.Sum("spanmetrics_input_spans_total"));
        return counts;
    }

    // Each span has a label set of its own; one more is broken.
    private static byte[] Record(int record) => OtlpBytes.Record(
        "desk", "kitelogik.tether",
        [
            .. Enumerable.Range(0, SpansOfARecord).Select(span => OtlpBytes.Span(
                "policy_gate.evaluate",
                OtlpBytes.Fixed64(7, 1_000), OtlpBytes.Fixed64(8, 2_000),
                OtlpBytes.Attribute("kitelogik.tool_name", $"record {record} span {span}"),
                OtlpBytes.Attribute("kitelogik.policy.allow", false), OtlpBytes.Attribute("kitelogik.policy.deny", true))),
            OtlpBytes.Bytes(2, [0x0F]),
        ]);
}
