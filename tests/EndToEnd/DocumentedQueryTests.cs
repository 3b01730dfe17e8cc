using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.EndToEnd;

[Collection(EndToEndGroup.Name)]
public sealed class DocumentedQueryTests(RealKafka kafka)
{
    private const string Query = """sum by (tool_name) (rate(traces_spanmetrics_calls_total{kitelogik_policy_deny="true"}[5m]))""";

    [Fact]
    public async Task Documented_query_returns_the_denied_tool_under_the_shipped_configuration()
    {
        const string Topic = "documented";
        var broker = await kafka.BrokerAsync();
        await broker.Writer.CreateTopicAsync(Topic);
        await using var worker = Worker.StartShipped(
            Repository.PathOf("compose", "spanmetrics.kitelogik.yml"), broker.Brokers, Topic, "documented");
        await using var prometheus = await PrometheusServer.StartAsync(worker.Address);
        await worker.ReadyAsync();

        // Both captures hold two denies of run_command.
        await broker.Writer.WriteAllAsync(Topic, SpanCapture.Kitelogik("adapter-0.3.0").Records);
        await DeniesAsync(2);
        await broker.Writer.WriteAllAsync(Topic, SpanCapture.Kitelogik("adapter-0.4.0").Records);
        await DeniesAsync(4);

        IReadOnlyList<Sample> rates = [];
        await Eventually.Async(
            async () => (rates = await prometheus.QueryAsync(Query)).Any(rate => rate.Value > 0),
            TimeSpan.FromSeconds(30),
            "a rate above zero",
            () => string.Join("\n", rates));
        Assert.Equal("run_command", Assert.Single(rates, rate => rate.Value > 0).Labels["tool_name"]);

        Task DeniesAsync(int count) => Eventually.Async(
            async () => await prometheus.ValueAsync("""sum(traces_spanmetrics_calls_total{tool_name="run_command",kitelogik_policy_deny="true"})""") == count,
            TimeSpan.FromSeconds(60),
            $"{count} denies of run_command in Prometheus",
            worker.Describe);
    }
}
