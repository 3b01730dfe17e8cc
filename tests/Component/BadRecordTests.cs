using System.Text;
using System.Text.RegularExpressions;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Component;

[Collection(ComponentGroup.Name)]
public sealed class BadRecordTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly MockKafka _kafka = new();

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task Bad_records_between_good_ones_are_counted_by_reason_and_cost_no_good_span()
    {
        var good = SpanCapture.AllKitelogik();
        var random = new byte[512];
        new Random(1).NextBytes(random);
        byte[]?[] bad =
        [
            null,
            [],
            random,
            Encoding.UTF8.GetBytes("""{"resourceSpans":[{"scopeSpans":[]}]}"""),
            good[0].Records[0][..40],   // cut inside the resource: there is no span to save
            Encoding.UTF8.GetBytes("Nov 21 12:00:00 host app[1]: this is a line of a log"),
        ];
        Assert.Equal(good.Count, bad.Length + 1);   // good, bad, good, …, good
        await using var worker = Worker.Start(_kafka.Brokers, "mixed", "mixed");
        for (var i = 0; i < good.Count; i++)
        {
            await _kafka.Writer.WriteAllAsync("mixed", good[i].Records);
            await _kafka.Writer.WriteAllAsync("mixed", bad[i..Math.Min(i + 1, bad.Length)]);
        }

        double records = good.Sum(capture => capture.Records.Count) + bad.Length;
        var spans = good.Sum(capture => capture.SpanCount);
        var page = await worker.PageAsync(page => Records(page) >= records, Deadline, $"{records} records on the page");

        Assert.Equal(records, Records(page));
        Assert.Equal(good.Sum(capture => capture.Records.Count), Records(page, ("outcome", "ok"), ("reason", "none")));
        Assert.Equal(1, Records(page, ("reason", "null")));
        Assert.Equal(1, Records(page, ("reason", "empty")));
        Assert.Equal(1, Records(page, ("outcome", "rejected"), ("reason", "truncated")));
        // JSON, prose and noise: what the noise looks like is the decoder's to say.
        Assert.Equal(3, Records(page, ("outcome", "rejected"), ("reason", "not_otlp")) + Records(page, ("outcome", "rejected"), ("reason", "malformed")));
        Assert.Equal(spans, page.Sum("traces_spanmetrics_calls_total"));
        Assert.Equal(spans, page.Sum("spanmetrics_input_spans_total"));
        Assert.Equal(spans, page.Sum("spanmetrics_input_spans_total", ("outcome", "counted")));
        var expected = Expectation.Sum("agent_decisions_total", good.Select(capture => capture.Expectation));
        Assert.Empty(expected.Differences("agent_decisions_total", page.Samples));
        Assert.Contains(worker.Log.Split('\n'), line => Regex.IsMatch(line, @"\bmixed\b\D+0\b\D+1\b"));   // topic, partition, offset
        Assert.DoesNotContain("this is a line of a log", worker.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Spans_before_the_cut_of_a_truncated_record_are_counted_once()
    {
        var whole = SpanCapture.Kitelogik("session-0.4.0");
        var record = Assert.Single(whole.Records);
        await using var worker = Worker.Start(_kafka.Brokers, "cut", "cut");
        await _kafka.Writer.WriteAsync("cut", record[..(record.Length / 2)]);

        var page = await worker.PageAsync(page => Records(page) >= 1, Deadline, "the record on the page");

        Assert.Equal(1, Records(page, ("outcome", "salvaged"), ("reason", "truncated")));
        Assert.InRange(page.Sum("traces_spanmetrics_calls_total"), 1, whole.SpanCount - 1);
        Assert.Equal(page.Sum("traces_spanmetrics_calls_total"), page.Sum("spanmetrics_input_spans_total", ("outcome", "counted")));
    }

    private static double Records(MetricsPage page, params (string, string)[] labels) =>
        page.Sum("spanmetrics_input_records_total", [("signal", "traces"), .. labels]);
}
