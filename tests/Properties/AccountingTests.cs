using SpanMetrics.Ingest;
using SpanMetrics.Pipeline;
using SpanMetrics.Tests.Support;
using SpanMetrics.Tests.Unit;

namespace SpanMetrics.Tests.Properties;

/// <summary>Nothing is lost silently: what was read is what was counted, and what was left out for a reason, on every page.</summary>
public sealed class AccountingTests
{
    private const string Records = "spanmetrics_input_records_total", Spans = "spanmetrics_input_spans_total", LogRecords = "spanmetrics_input_log_records_total";

    public static TheoryData<string> Captures => [.. SpanCapture.Names];

    [Theory]
    [MemberData(nameof(Captures))]
    public void Of_a_capture_every_record_span_and_byte_is_on_the_page(string name)
    {
        SpanCapture capture = SpanCapture.Of(name);
        ReplaySink sink = Sink();
        foreach (byte[] record in capture.Records)
        {
            sink.Take(record, isNull: false);
        }

        foreach (byte[] record in capture.LogRequests)
        {
            sink.Take(record, isNull: false, RecordSignal.Logs);
        }

        MetricsPage page = Printed.Parsed(sink.Fold());
        Assert.Equal(capture.SpanCount, page.Sum(Spans));
        Assert.Equal(capture.SpanCount, page.Sum("traces_spanmetrics_calls_total"));
        Assert.Equal(capture.LogRequests.Sum(SpanCapture.CountSpans), page.Sum(LogRecords)); // spans and log records have the same place in their requests
        Assert.Equal(capture.Records.Count, page.Sum(Records, ("signal", "traces"), ("outcome", "ok")));
        Balance(page, capture.Records.Count + capture.LogRequests.Count, capture.Records.Concat(capture.LogRequests).Sum(record => (long)record.Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Of_broken_records_between_whole_ones_too(int seed)
    {
        const int Taken = 5_000;
        var random = new Random(seed);
        (byte[] Bytes, RecordSignal Signal)[] whole = [.. CaptureRecords.All().Select(record => (record.Bytes, record.Signal == Otlp.Signal.Logs ? RecordSignal.Logs : RecordSignal.Traces))];
        ReplaySink sink = Sink();
        long bytes = 0;
        for (int i = 0; i < Taken; i++)
        {
            (byte[] record, RecordSignal signal) = whole[random.Next(whole.Length)];
            record = random.Next(6) switch
            {
                0 => record,
                1 => record[..random.Next(record.Length)],
                2 => [.. record, (byte)random.Next(256)],
                3 => [.. record, .. whole[random.Next(whole.Length)].Bytes], // two requests in one, perhaps of two signals
                4 => HostilePipelineTests.Mutated(record, random),
                _ => [],
            };
            bool isNull = random.Next(100) == 0;
            bytes += isNull ? 0 : record.Length;
            sink.Take(isNull ? [] : record, isNull, random.Next(10) == 0 ? 1 - signal : signal);
        }

        Balance(Printed.Parsed(sink.Fold()), Taken, bytes);
    }

    private static void Balance(MetricsPage page, long records, long bytes)
    {
        Assert.Equal(records, page.Sum(Records));
        Assert.Equal(bytes, page.Sum("spanmetrics_input_bytes_total"));
        Assert.All(page.Family(Records), row => Assert.Equal(row.Labels["outcome"] == "ok", row.Labels["reason"] == "none"));

        // Every span that is said to be counted is in the view of all spans, and no other: each once, since nothing is weighted here.
        Assert.Equal(page.Sum(Spans, ("outcome", "counted")), page.Sum("traces_spanmetrics_calls_total"));
        Assert.Equal(page.Sum(LogRecords, ("outcome", "counted")), page.Sum("agent_log_events_total"));
        foreach (string name in page.Types.Keys.Where(name => page.Types[name] == "histogram"))
        {
            string counter = name switch { _ when name.StartsWith("traces_", StringComparison.Ordinal) => "traces_spanmetrics_calls_total", _ => name.Replace("_duration_seconds", "s_total", StringComparison.Ordinal) };
            Assert.InRange(page.Sum(name + "_count"), 0, page.Sum(counter));
            Assert.Equal(page.Sum(name + "_count"), page.Sum(name + "_bucket", ("le", "+Inf")));
        }
    }

    private static ReplaySink Sink() => new(Printed.Options with { AdjustedCounts = false });
}
