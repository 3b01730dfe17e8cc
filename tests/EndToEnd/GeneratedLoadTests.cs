using System.Globalization;
using System.Text.Json;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.EndToEnd;

[Collection(EndToEndGroup.Name)]
public sealed class GeneratedLoadTests(RealKafka kafka)
{
    [Fact]
    public async Task Every_one_of_200000_generated_spans_is_counted_once_in_prometheus()
    {
        const int Spans = 200_000;
        const string Topic = "generated";
        var broker = await kafka.BrokerAsync();
        await broker.Writer.CreateTopicAsync(Topic, partitions: 4);
        await using var worker = Worker.Start(broker.Brokers, Topic, "generated");
        await using var prometheus = await PrometheusServer.StartAsync(worker.Address);
        await worker.ReadyAsync();

        var generated = await ProgramUnderTest.RunAsync(
            "generate", "--to", $"kafka:{broker.Brokers}/{Topic}", "--count", Spans.ToString(CultureInfo.InvariantCulture), "--seed", "7");

        Assert.True(generated.ExitCode == 0, generated.ToString());
        using var said = JsonDocument.Parse(generated.Output);
        Assert.Equal(Spans, said.RootElement.GetProperty("spans").GetInt32());
        var expected = Expectation.Parse(generated.Output);
        await Eventually.Async(
            async () => await prometheus.ValueAsync("sum(traces_spanmetrics_calls_total)") >= Spans,
            TimeSpan.FromSeconds(120),
            $"{Spans} calls in Prometheus",
            worker.Describe);
        foreach (var family in expected.Families.Keys)
        {
            Assert.NotEmpty(expected.Families[family]);
            Assert.Empty(expected.Differences(family, await prometheus.QueryAsync(family)));
        }
        Assert.Equal(Spans, await prometheus.ValueAsync("sum(traces_spanmetrics_calls_total)"));
        Assert.Equal(
            said.RootElement.GetProperty("records").GetDouble(),
            await prometheus.ValueAsync("sum(spanmetrics_input_records_total{signal=\"traces\"})"));
    }

    [Fact]
    public async Task Topic_that_the_broker_makes_on_first_use_can_be_generated_to()
    {
        var broker = await kafka.BrokerAsync();

        var generated = await ProgramUnderTest.RunAsync("generate", "--to", $"kafka:{broker.Brokers}/first_use", "--count", "100", "--seed", "1");

        Assert.True(generated.ExitCode == 0, generated.ToString());
    }
}
