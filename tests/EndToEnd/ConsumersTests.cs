using System.Globalization;
using System.Text.RegularExpressions;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.EndToEnd;

/// <summary><c>kafka.consumers</c>: several threads that read in one process.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class ConsumersTests(RealKafka kafka)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(3, 6)]
    [InlineData(3, 2)] // one is a spare
    public async Task Consumers_share_the_partitions_count_everything_once_and_all_stop_on_sigterm(int consumers, int partitions)
    {
        const int Spans = 20_000, Later = 1_000;
        var topic = $"shared{partitions}";
        var broker = await kafka.BrokerAsync();
        await broker.Writer.CreateTopicAsync(topic, partitions);
        await using var worker = Worker.Start(broker.Brokers, topic, topic, consumers);
        await Eventually.Async(
            () => Regex.Count(worker.Log, "Assigned (?!no partition)") >= Math.Min(consumers, partitions), Deadline, "partitions for each consumer", worker.Describe);

        var expected = await GenerateAsync(broker, topic, Spans);
        var page = await worker.PageAsync(page => Calls(page) >= Spans, Deadline, "all spans on the page");

        Assert.Empty(expected.Differences("agent_decisions_total", page.Samples));
        Assert.Empty(expected.Differences("traces_spanmetrics_calls_total", page.Samples));
        Assert.Equal(Spans, page.Sum("spanmetrics_input_spans_total", ("outcome", "counted")));
        Assert.Equal(0, page.Sum("spanmetrics_consumer_lag_records"));

        worker.Signal(ChildProcess.SigTerm);
        Assert.True(await worker.ExitAsync(Deadline) == 0, worker.Describe());
        Assert.Equal(consumers, Regex.Count(worker.Log, "Draining"));
        Assert.Equal(consumers, Regex.Count(worker.Log, "Stopped:"));
        Assert.Equal(Spans, worker.Stopped());

        // What they counted is committed: the next ones read only what came later.
        await using var next = Worker.Start(broker.Brokers, topic, topic, consumers);
        expected = await GenerateAsync(broker, topic, Later);
        page = await next.PageAsync(page => Calls(page) >= Later, Deadline, "the later spans on the next page");
        Assert.Empty(expected.Differences("traces_spanmetrics_calls_total", page.Samples));
    }

    [Fact]
    public async Task Three_consumers_and_a_second_process_that_comes_and_goes_count_200000_spans_once()
    {
        const int Spans = 200_000, Rate = 15_000;
        const string Topic = "rebalanced";
        var broker = await kafka.BrokerAsync();
        await broker.Writer.CreateTopicAsync(Topic, partitions: 6);
        await using var worker = Worker.Start(broker.Brokers, Topic, Topic, consumers: 3);
        await worker.ReadyAsync();
        // Paced, so that both rebalances happen while records come in, on a busy machine too.
        var generating = GenerateAsync(broker, Topic, Spans, "--rate", Rate.ToString(CultureInfo.InvariantCulture));
        await worker.PageAsync(page => Calls(page) > 0, Deadline, "the first spans on the page");

        await using var guest = Worker.Start(broker.Brokers, Topic, Topic);
        await guest.PageAsync(page => Calls(page) > 0, Deadline, "a partition for the second process");
        guest.Signal(ChildProcess.SigTerm);
        Assert.True(await guest.ExitAsync(Deadline) == 0, guest.Describe());
        Assert.False(generating.IsCompleted, "the second process came and went too late");

        await generating;
        // What the second one counted after its last scrape is in its last words, and in no page of its own.
        var page = await worker.PageAsync(page => Calls(page) + guest.Stopped() >= Spans, Deadline, "all spans on the page");
        Assert.Equal(Spans, Calls(page) + guest.Stopped());
        Assert.Equal(Calls(page), page.Sum("spanmetrics_input_spans_total", ("outcome", "counted")));

        worker.Signal(ChildProcess.SigTerm);
        Assert.True(await worker.ExitAsync(Deadline) == 0, worker.Describe());
        Assert.Equal(Spans, worker.Stopped() + guest.Stopped());
    }

    private static double Calls(MetricsPage page) => page.Sum("traces_spanmetrics_calls_total");

    private static async Task<Expectation> GenerateAsync(KafkaBroker broker, string topic, int spans, params string[] more)
    {
        var generated = await ProgramUnderTest.RunAsync(
        [
            "generate", "--to", $"kafka:{broker.Brokers}/{topic}", "--batch", "50", "--seed", "9", "--count", spans.ToString(CultureInfo.InvariantCulture), .. more,
        ]);
        Assert.True(generated.ExitCode == 0, generated.ToString());
        return Expectation.Parse(generated.Output);
    }
}
