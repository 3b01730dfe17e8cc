using Microsoft.Extensions.Logging.Abstractions;
using SpanMetrics.Aggregation;
using SpanMetrics.Ingest;
using SpanMetrics.Pipeline;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Component;

[Collection(ComponentGroup.Name)]
public sealed class WorkerServiceTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly MockKafka _kafka = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task One_worker_that_reads_makes_the_process_ready()
    {
        await _kafka.Writer.WriteAsync("ready", []); // makes the topic
        PartitionWorker[] workers = [WorkerOf("127.0.0.1:1"), WorkerOf(_kafka.Brokers), WorkerOf("127.0.0.1:1")];
        var service = new WorkerService(workers);
        Assert.NotNull(service.WhyNotReady());
        await service.StartedAsync(Cancellation);

        await Eventually.Async(() => service.WhyNotReady() is null, Deadline, "one worker that reads");

        Assert.NotNull(workers[0].WhyNotReady());
        await service.StoppingAsync(Cancellation);
        Assert.Equal("draining", service.WhyNotReady());
        await service.Ended.WaitAsync(Deadline, Cancellation);
    }

    // The mock cluster makes the first members of a group wait for 3 s, and forgets those whose session is shorter.
    private static PartitionWorker WorkerOf(string brokers) => new(
        new KafkaOptions { BootstrapServers = brokers, GroupId = "ready", Topics = new TopicOptions { Traces = ["ready"] }, Client = new() { ["session.timeout.ms"] = "6000" } },
        new RecordPipeline(Unit.Printed.Options, TimeProvider.System),
        TimeProvider.System,
        NullLogger<PartitionWorker>.Instance);
}
