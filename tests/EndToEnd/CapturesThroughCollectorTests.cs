using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.EndToEnd;

[Collection(EndToEndGroup.Name)]
public sealed class CapturesThroughCollectorTests(RealKafka kafka)
{
    [Fact]
    public async Task Prometheus_stores_what_was_driven_when_captures_go_through_collector_and_kafka()
    {
        const string Topic = "captures";
        var captures = SpanCapture.AllKitelogik();
        var expected = Expectation.Sum("agent_decisions_total", captures.Select(capture => capture.Expectation));
        var spans = captures.Sum(capture => capture.SpanCount);
        var broker = await kafka.BrokerAsync();
        await broker.Writer.CreateTopicAsync(Topic, partitions: 2);
        await using var collector = await Collector.StartAsync(broker.Brokers, Topic);
        await using var worker = Worker.Start(broker.Brokers, Topic, "captures");
        await using var prometheus = await PrometheusServer.StartAsync(worker.Address);
        await worker.ReadyAsync();

        foreach (var record in captures.SelectMany(capture => capture.Records))
        {
            await collector.ExportAsync(record);
        }

        await Eventually.Async(
            async () => await prometheus.ValueAsync("sum(traces_spanmetrics_calls_total)") >= spans,
            TimeSpan.FromSeconds(60),
            $"{spans} calls in Prometheus",
            worker.Describe);
        Assert.Empty(expected.Differences("agent_decisions_total", await prometheus.QueryAsync("agent_decisions_total")));
        Assert.Equal(spans, await prometheus.ValueAsync("sum(traces_spanmetrics_calls_total)"));
        Assert.Equal(spans, await prometheus.ValueAsync("sum(spanmetrics_input_spans_total)"));
    }
}
