using SpanMetrics.Tests.Support;
using SpanMetrics.Tests.Unit;

namespace SpanMetrics.Tests.Component;

[Collection(ComponentGroup.Name)]
public sealed class IncreaseTests : IDisposable
{
    private const string Topic = "increase";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly MockKafka _kafka = new();

    public void Dispose() => _kafka.Dispose();

    /// <summary>The jobs have the same address and timeout: only their connections differ.</summary>
    [Theory]
    [InlineData("PROMETHEUS")]
    [InlineData("PROMETHEUS_2_53")]
    [InlineData("PROMETHEUS_3")]
    public async Task Increase_counts_the_first_deny_of_each_tool_for_two_jobs_of_one_Prometheus(string version)
    {
        string[] tools = ["a", "b", "c", "d", "e", "f"], jobs = ["1s", "4s"];
        await _kafka.Writer.WriteAsync(Topic, []); // makes the topic
        await using Worker worker = Worker.Start(_kafka.Brokers, Topic, Topic);
        await worker.ReadyAsync();
        await using PrometheusServer prometheus = await PrometheusServer.StartAsync(worker.Address, [], [.. jobs.Select(job => (job, job))], "", version);
        await Eventually.Async(async () => await prometheus.ValueAsync("sum(up)") == 2, Deadline, "two jobs");

        foreach (string tool in tools)
        {
            await _kafka.Writer.WriteAsync(Topic, OtlpBytes.Denied(tool));
            await SeenAsync($$"""agent_decisions_total{job="1s",tool="{{tool}}"} == 1""", 1);
        }

        await SeenAsync("agent_decisions_total == 1", jobs.Length * tools.Length);
        foreach (string series in (string[])["agent_decisions_total", "agent_decision_duration_seconds_count", """agent_decision_duration_seconds_bucket{le="+Inf"}"""])
        {
            await AllAsync($"min_over_time({series}[10m])", value => value == 0);
            await AllAsync($"max_over_time({series}[10m])", value => value == 1);
            await AllAsync($"changes({series}[10m])", value => value == 1);
            await AllAsync($"increase({series}[10m])", value => value is > .9 and < 2); // beyond 1 it is extrapolated
        }

        Task SeenAsync(string query, int series) => Eventually.Async(
            async () => (await prometheus.QueryAsync(query)).Count == series, Deadline, $"{series} of {query}", worker.Describe);

        async Task AllAsync(string query, Predicate<double> isRight)
        {
            IReadOnlyList<Sample> all = await prometheus.QueryAsync(query);
            Assert.Equal(jobs.Length * tools.Length, all.Count);
            Assert.All(all, sample => Assert.True(isRight(sample.Value), $"{query}: {sample}"));
        }
    }
}
