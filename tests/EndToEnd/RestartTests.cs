using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.EndToEnd;

[Collection(EndToEndGroup.Name)]
public sealed class RestartTests(RealKafka kafka)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Second_worker_of_a_group_goes_on_where_the_first_was_stopped()
    {
        const string Topic = "restart";
        var broker = await kafka.BrokerAsync();
        await broker.Writer.CreateTopicAsync(Topic, partitions: 2);

        await using var first = Worker.Start(broker.Brokers, Topic, Topic);
        await first.ReadyAsync();
        var sent = await GenerateAsync(broker, Topic, 5_000, seed: 1);
        await first.PageAsync(page => Calls(page) >= sent, Deadline, "the first half on the first page");
        var firstPage = await StopAsync(first);

        var sentLater = await GenerateAsync(broker, Topic, 5_000, seed: 2);
        await using var second = Worker.Start(broker.Brokers, Topic, Topic);
        await second.ReadyAsync();
        var secondPage = await second.PageAsync(page => Calls(page) >= sentLater, Deadline, "the second half on the second page");

        Assert.Equal(sent + sentLater, Calls(firstPage) + Calls(secondPage));
    }

    [Fact]
    public async Task Worker_stopped_in_the_middle_leaves_the_rest_to_the_next_one()
    {
        const string Topic = "middle";
        const int Spans = 100_000;
        var broker = await kafka.BrokerAsync();
        await broker.Writer.CreateTopicAsync(Topic, partitions: 2);

        await using var first = Worker.Start(broker.Brokers, Topic, Topic);
        await first.ReadyAsync();
        var generating = GenerateAsync(broker, Topic, Spans, seed: 3);
        await first.PageAsync(page => Calls(page) > 0, Deadline, "the first spans on the first page");
        await StopAsync(first);
        // Its last words, not its last page: what was counted after the last scrape is in no page (README, "What it does not promise yet").
        var counted = double.Parse(Regex.Match(first.Log, @"Stopped: (\d+) spans").Groups[1].Value, CultureInfo.InvariantCulture);
        var sent = await generating;

        await using var second = Worker.Start(broker.Brokers, Topic, Topic);
        await second.ReadyAsync();
        var secondPage = await second.PageAsync(
            page => Calls(page) + counted >= sent, Deadline, $"the rest of {sent} spans after {counted} that the first worker counted");

        Assert.Equal(sent, counted + Calls(secondPage));
    }

    [Fact]
    public async Task Worker_started_before_its_broker_counts_everything_once_the_broker_is_there()
    {
        const string Topic = "late";
        Parts.Require("KAFKA_HOME");
        var port = FreePort.Next();
        await using var worker = Worker.Start($"127.0.0.1:{port}", Topic, Topic);

        await Eventually.Async(
            async () => await worker.StatusAsync("/-/healthy") == HttpStatusCode.OK, Deadline, "the worker to be healthy", worker.Describe);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await worker.StatusAsync("/-/ready"));
        await Eventually.Async(
            () => worker.Log.Contains(port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
            Deadline,
            "a log line that names the broker which is away",
            worker.Describe);

        await using var broker = await KafkaBroker.StartAsync(port);
        await broker.Writer.CreateTopicAsync(Topic);
        await worker.ReadyAsync();
        var sent = await GenerateAsync(broker, Topic, 1_000, seed: 4);
        var page = await worker.PageAsync(page => Calls(page) >= sent, Deadline, "all spans on the page");

        Assert.Equal(sent, Calls(page));
    }

    [Fact]
    public async Task Worker_started_before_its_topic_exists_counts_from_the_first_record()
    {
        const string Topic = "unborn";
        var broker = await kafka.BrokerAsync();
        await using var worker = Worker.Start(broker.Brokers, Topic, Topic);
        await Eventually.Async(
            async () => await worker.StatusAsync("/-/healthy") == HttpStatusCode.OK, Deadline, "the worker to be healthy", worker.Describe);

        await broker.Writer.CreateTopicAsync(Topic);
        await worker.ReadyAsync();
        var sent = await GenerateAsync(broker, Topic, 1_000, seed: 5);
        var page = await worker.PageAsync(page => Calls(page) >= sent, Deadline, "all spans on the page");

        Assert.Equal(sent, Calls(page));
    }

    private static double Calls(MetricsPage page) => page.Sum("traces_spanmetrics_calls_total");

    private static async Task<double> GenerateAsync(KafkaBroker broker, string topic, int spans, int seed)
    {
        var generated = await ProgramUnderTest.RunAsync(
            "generate",
            "--to", $"kafka:{broker.Brokers}/{topic}",
            "--count", spans.ToString(CultureInfo.InvariantCulture),
            "--seed", seed.ToString(CultureInfo.InvariantCulture));
        Assert.True(generated.ExitCode == 0, generated.ToString());
        return spans;
    }

    /// <summary>SIGTERM, and the last page that could be scraped until the end.</summary>
    private static async Task<MetricsPage> StopAsync(Worker worker)
    {
        var page = await worker.PageAsync();
        worker.Signal(ChildProcess.SigTerm);
        await Eventually.Async(
            async () =>
            {
                if (!worker.HasExited)
                {
                    page = await worker.PageAsync();   // a refused connection counts as a no, and it asks again
                }
                return worker.HasExited;
            },
            TimeSpan.FromSeconds(30),
            "the worker to end after SIGTERM",
            worker.Describe);
        Assert.Equal(0, await worker.ExitAsync(TimeSpan.FromSeconds(1)));
        return page;
    }
}
