using Microsoft.Extensions.Logging.Abstractions;
using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Ingest;
using SpanMetrics.Pipeline;

namespace SpanMetrics.Tests.Unit;

/// <summary>Workers whose broker is away, with increments of before they were started: what is handed over is known.</summary>
public sealed class WorkerEndTests
{
    private const int Spans = 5;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scrapes_while_workers_end_and_after_show_everything_once()
    {
        PartitionWorker[] workers = [Filled(), Filled(), Filled()];
        using var scrapes = ScrapesOf(workers);
        Task ended = Task.WhenAll(workers.Select(worker => worker.Ended));
        Task[] readers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(ReadAsync, Cancellation))];

        foreach (PartitionWorker worker in workers)
        {
            worker.Start();
            _ = worker.StopAsync();
        }

        await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal(3 * Spans, await CallsAsync(scrapes));

        async Task ReadAsync()
        {
            for (double last = 0; !ended.IsCompleted;)
            {
                double now = await CallsAsync(scrapes);
                Assert.InRange(now, last, 3 * Spans);
                last = now;
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task The_last_increments_go_to_one_of_those_who_asked_before_the_end_or_to_the_first_after_it(int before)
    {
        PartitionWorker worker = Filled();
        Task<WorkerHandover?>[] asked = [.. Enumerable.Range(0, before).Select(_ => worker.HandOverAsync())];
        Task ended = worker.StopAsync();
        worker.Start();
        await ended.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        WorkerHandover?[] handed = [.. await Task.WhenAll(asked), await worker.HandOverAsync(), await worker.HandOverAsync()];

        WorkerHandover last = Assert.Single(handed.OfType<WorkerHandover>());
        Assert.Equal(Spans, last.Input.Traces.Counted);
        Assert.NotEmpty(last.Views[0].Chunks);
    }

    [Fact]
    public async Task A_worker_that_fails_is_told_and_what_it_counted_is_on_the_page_with_the_others()
    {
        PartitionWorker failing = Filled(new() { ["fetch.wait.max.ms"] = "soon" }), other = Filled();
        using var scrapes = ScrapesOf(failing, other);
        var service = new WorkerService([failing, other]);
        await service.StartedAsync(Cancellation);

        await Assert.ThrowsAnyAsync<Exception>(() => service.Ended.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));

        Assert.Equal(2 * Spans, await CallsAsync(scrapes));
        Assert.False(other.Ended.IsCompleted);
        await service.StoppingAsync(Cancellation);
        Assert.True(other.Ended.IsCompletedSuccessfully);
        Assert.Equal(2 * Spans, await CallsAsync(scrapes));
    }

    [Fact]
    public async Task A_reader_who_goes_away_while_others_have_their_turn_costs_no_increment()
    {
        PartitionWorker worker = Filled();
        using var scrapes = ScrapesOf(worker);
        using var gone = new CancellationTokenSource();
        Task<double> first = CallsAsync(scrapes), second = scrapes.ReadAsync(Calls, gone.Token);
        await gone.CancelAsync();
        worker.Start();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);

        Assert.Equal(Spans, await first);
        Assert.Equal(Spans, await CallsAsync(scrapes));
        await worker.StopAsync();
    }

    private static PartitionWorker Filled(Dictionary<string, string>? client = null)
    {
        var pipeline = new RecordPipeline(Printed.Options, TimeProvider.System);
        PartitionDeltas partition = pipeline.AddPartition();
        for (int i = 0; i < Spans; i++)
        {
            pipeline.Take(OtlpBytes.Record("desk", "any", OtlpBytes.Span("a")), isNull: false);
            pipeline.Apply(partition);
        }

        var options = new KafkaOptions { BootstrapServers = "127.0.0.1:1", Topics = new TopicOptions { Traces = ["none"] }, Client = client ?? [] };
        return new PartitionWorker(options, pipeline, TimeProvider.System, NullLogger<PartitionWorker>.Instance);
    }

    private static Scrapes ScrapesOf(params PartitionWorker[] workers) => new(workers, new PageKeeper(Printed.DefaultViews, new AggregationOptions(), workers.Length, TimeProvider.System));

    private static Task<double> CallsAsync(Scrapes scrapes) => scrapes.ReadAsync(Calls, Cancellation);

    private static double Calls(Page page) => Printed.Parsed(page).Sum("traces_spanmetrics_calls_total");
}
