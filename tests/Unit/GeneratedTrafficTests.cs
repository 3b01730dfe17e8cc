using SpanMetrics.Generator;
using SpanMetrics.Ingest;
using SpanMetrics.Otlp;
using SpanMetrics.Pipeline;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Unit;

/// <summary>The generator books what it drives, the worker counts what it reads: they were written apart.</summary>
public sealed class GeneratedTrafficTests
{
    private const ulong Now = 1_800_000_000_000_000_000;

    [Theory]
    [InlineData(1, 200)]
    [InlineData(2, 1)]
    [InlineData(3, 1_000)]
    [InlineData(4, 37)]
    public void The_page_has_exactly_the_rows_that_were_driven(int seed, int batch)
    {
        var traffic = new AgentTraffic(seed, []);
        ReplaySink sink = Printed.Sink();
        var to = new WireWriter();
        while (traffic.Summary.Spans < 20_000)
        {
            to.Clear();
            traffic.WriteBatch(to, batch, Now);
            sink.Take(to.Written, isNull: false);
        }

        MetricsPage page = Printed.Parsed(sink.Fold());
        Expectation expected = Expected(traffic);
        Assert.Empty(expected.Differences("agent_decisions_total", page.Samples));
        Assert.Empty(expected.Differences("traces_spanmetrics_calls_total", page.Samples));
        Assert.Equal(traffic.Summary.Records, page.Sum("spanmetrics_input_records_total", ("outcome", "ok")));
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public void The_page_has_exactly_the_rows_that_were_booked_with_a_capture(string name)
    {
        SpanCapture capture = SpanCapture.Kitelogik(name);
        ReplaySink sink = Printed.Sink();
        new RecordFile(capture.File, RecordFormat.Auto, RecordSignal.Traces).Read(sink);

        MetricsPage page = Printed.Parsed(sink.Fold());
        Assert.Empty(capture.Expectation.Differences("agent_decisions_total", page.Samples));
        Assert.Equal(capture.SpanCount, page.Sum("traces_spanmetrics_calls_total"));
    }

    public static TheoryData<string> Captures => [.. SpanCapture.KitelogikNames];

    [Fact]
    public async Task A_file_read_twice_counts_twice()
    {
        using var folder = new TempFolder();
        string path = Path.Combine(folder.Path, "traffic");
        var traffic = new AgentTraffic(5, []);
        await using (var target = new FileTarget(path))
        {
            await TrafficSender.RunAsync(traffic, target, new TrafficPace(0, 5_000, 100), TimeProvider.System, null, TestContext.Current.CancellationToken);
        }
        ReplaySink sink = Printed.Sink();
        var file = new RecordFile(path, RecordFormat.Auto, RecordSignal.Traces);

        file.Read(sink);
        MetricsPage once = Printed.Parsed(sink.Fold());
        file.Read(sink);
        MetricsPage twice = Printed.Parsed(sink.Fold());

        Assert.Empty(Expected(traffic).Differences("agent_decisions_total", once.Samples));
        Assert.Equal(
            once.Family("agent_decisions_total").Select(sample => $"{Printed.Identity(sample)} {sample.Value * 2}"),
            twice.Family("agent_decisions_total").Select(sample => $"{Printed.Identity(sample)} {sample.Value}"));
        Assert.Equal(2 * once.Sum("traces_spanmetrics_duration_seconds_bucket"), twice.Sum("traces_spanmetrics_duration_seconds_bucket"));
    }

    private static Expectation Expected(AgentTraffic traffic)
    {
        using var json = new MemoryStream();
        traffic.Summary.WriteJson(json);
        return Expectation.Parse(System.Text.Encoding.UTF8.GetString(json.ToArray()));
    }
}
