using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Component;

/// <summary>What a worker says of itself.</summary>
[Collection(ComponentGroup.Name)]
public sealed class OwnMetricsTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Process_and_runtime_are_told_under_the_names_that_dashboards_know()
    {
        using var kafka = new MockKafka();
        var before = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 1; // the system keeps a start in ticks since its own
        await kafka.Writer.WriteAsync("own", []);
        await using var worker = Worker.Start(kafka.Brokers, "own", "own");
        await worker.ReadyAsync();

        var page = await worker.PageAsync();

        Assert.InRange(page.Sum("process_cpu_seconds_total"), .01, 3600);
        Assert.InRange(page.Sum("process_resident_memory_bytes"), 10e6, page.Sum("process_virtual_memory_bytes"));
        Assert.InRange(page.Sum("process_start_time_seconds"), before, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        Assert.InRange(page.Sum("process_open_fds"), 10, page.Sum("process_max_fds"));
        Assert.InRange(page.Sum("process_threads"), 4, 1000);
        Assert.True(page.Sum("dotnet_gc_last_collection_heap_size_bytes") >= 0);
        Assert.Equal(["gen0", "gen1", "gen2"], page.Family("dotnet_gc_collections_total").Select(row => row.Labels["gc_heap_generation"]));
        Assert.True(page.Sum("dotnet_gc_pause_time_seconds_total") >= 0);
        Assert.InRange(page.Sum("dotnet_process_memory_working_set_bytes"), 10e6, 10e9);
        Assert.NotEmpty(page.Family("dotnet_thread_pool_queue_length"));
        var build = page.Family("spanmetrics_build_info").Single();
        Assert.Equal(["dotnet_version", "revision", "version"], build.Labels.Keys.Order());
        Assert.StartsWith("10.", build.Labels["dotnet_version"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Own_metrics_and_traces_are_pushed_where_the_configuration_says_and_once_more_at_the_end()
    {
        using var kafka = new MockKafka();
        await using var receiver = await Receiver.StartAsync();
        await kafka.Writer.WriteAsync("pushed", []);
        await using var worker = Worker.Start(kafka.Brokers, "pushed", "pushed", more: $"telemetry: {{ otlp: {receiver.Url}, interval_seconds: 3600 }}");
        await worker.ReadyAsync();
        await worker.PageAsync();
        Assert.DoesNotContain(receiver.Bodies, body => body.Path == "/v1/metrics"); // an hour is not over

        worker.Signal(ChildProcess.SigTerm);
        Assert.True(await worker.ExitAsync(Deadline) == 0, worker.Describe());

        var metrics = Assert.Single(receiver.Bodies, body => body.Path == "/v1/metrics").Text;
        foreach (var name in new[] { "spanmetrics_input_records", "spanmetrics_series_limit", "agent_decisions", "spanmetrics_complete_until_timestamp_seconds", "dotnet.gc.collections" })
        {
            Assert.Contains(name, metrics, StringComparison.Ordinal);
        }

        var traces = string.Concat(receiver.Bodies.Where(body => body.Path == "/v1/traces").Select(body => body.Text));
        Assert.Contains("scrape", traces, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("telemetry: { otlp: 127.0.0.1:4317 }", @"\D1\b.*telemetry\.otlp.*http://127\.0\.0\.1:4318")]
    [InlineData("telemetry: { otlp: 'http://h:4318', interval_seconds: 0 }", @"\D1\b.*telemetry\.interval_seconds")]
    public async Task Mistakes_in_the_section_telemetry_are_named(string yaml, string expected)
    {
        using var folder = new TempFolder();

        var result = await ProgramUnderTest.RunAsync("check", "--config", folder.Write("wrong.yml", yaml));

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Matches(expected, result.Error);
    }

    /// <summary>Takes whatever is posted.</summary>
    private sealed class Receiver(WebApplication app) : IAsyncDisposable
    {
        public ConcurrentQueue<(string Path, string Text)> Bodies { get; } = [];

        public string Url => app.Urls.Single();

        public static async Task<Receiver> StartAsync()
        {
            WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            WebApplication app = builder.Build();
            var receiver = new Receiver(app);
            app.Run(async context =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body, context.RequestAborted);
                receiver.Bodies.Enqueue((context.Request.Path.Value!, Encoding.UTF8.GetString(body.ToArray())));
                context.Response.StatusCode = StatusCodes.Status200OK;
            });
            await app.StartAsync(TestContext.Current.CancellationToken);
            return receiver;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
