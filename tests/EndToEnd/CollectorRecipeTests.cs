using System.Text;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.EndToEnd;

/// <summary>compose/collectors: a real collector started with each, spoken to as the emitter does, in front of a worker with two consumers.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class CollectorRecipeTests(RealKafka kafka)
{
    private const int Partitions = 4;
    private const int Grpc = 4317, Http = 4318;
    private const string Said = "Which pods run in kagent?";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Recipes =>
    [
        .. Directory.GetFiles(Repository.PathOf("compose", "collectors"), "*.yaml")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(name => name != "kafka"),
    ];

    [Theory]
    [MemberData(nameof(Recipes))]
    public async Task A_collector_accepts_the_recipe(string recipe)
    {
        await using var validate = ChildProcess.Start(
            Parts.Require("OTELCOL"), ["validate", .. Collector.RecipeFiles(recipe).SelectMany(file => new[] { "--config", $"file:{file}" })]);

        Assert.True(await validate.ExitAsync(Deadline) == 0, validate.Describe());
    }

    [Theory]
    [InlineData("kitelogik", Http, "kitelogik/failclosed-0.4.0")]
    [InlineData("kitelogik", Http, "kitelogik/adapter-0.4.0")]
    [InlineData("kagent", Grpc, "kagent/k010-openai-tools")]
    [InlineData("kagent", Grpc, "kagent/k07-openai")]
    [InlineData("kaos", Grpc, "kaos/a-tools")]
    [InlineData("kaos", Grpc, "kaos/b-delegate")]
    [InlineData("agentgateway", Grpc, "agentgateway/v0105_mcp_old")]
    [InlineData("agentgateway", Grpc, "agentgateway/v141_mcp", "both")]
    [InlineData("agentgateway", Http, "agentgateway/main_llm", "logs")]
    [InlineData("all", Grpc, "adk/adk139-confirm")]
    public async Task What_went_by_a_recipe_counts_as_it_was_driven_and_a_trace_stays_in_one_partition(
        string recipe, int port, string name, string gatewayDecisions = "spans")
    {
        var capture = SpanCapture.Of(name);
        var (traces, logs) = ($"{name.Replace('/', '.')}.spans", $"{name.Replace('/', '.')}.logs");
        var broker = await kafka.BrokerAsync();
        await broker.Writer.CreateTopicAsync(traces, Partitions);
        await broker.Writer.CreateTopicAsync(logs, Partitions);
        await using var collector = await Collector.StartRecipeAsync(recipe, port, broker.Brokers, traces, logs);
        await using var worker = Worker.Start(broker.Brokers, traces, traces, consumers: 2, logs: logs, more: $"gateway_decisions: {gatewayDecisions}");
        await worker.ReadyAsync();

        await SendAsync(collector, port, capture);

        await CountedAsync(worker, capture.SpanCount, gatewayDecisions == "logs" ? capture.AccessLogExpectation : capture.Expectation);
        var records = TopicRecords.Read(broker.Brokers, traces, Partitions);
        Assert.All(records, record => Assert.All(SpanCapture.TraceIds(record.Value).SelectMany(ids => ids), id => Assert.Equal(record.Key, id)));
        var partitions = records.GroupBy(record => record.Key).ToDictionary(trace => trace.Key, trace => Assert.Single(trace.Select(record => record.Partition).Distinct()));
        Assert.True(partitions.Values.Distinct().Count() > 1, "all traces are in one partition");
        // A record is what one request had of one trace in one scope.
        Assert.Equal(
            capture.Records.SelectMany(request => SpanCapture.TraceIds(request)).SelectMany(scope => scope.Distinct()).CountBy(id => id).OrderBy(trace => trace.Key, StringComparer.Ordinal),
            records.CountBy(record => record.Key).OrderBy(trace => trace.Key, StringComparer.Ordinal));
        if (recipe == "agentgateway")
        {
            var told = TopicRecords.Read(broker.Brokers, logs, Partitions).SelectMany(record => SpanCapture.TraceIds(record.Value, field: 9).SelectMany(ids => ids).Select(id => (id, record.Partition)));
            Assert.All(told.Where(one => partitions.ContainsKey(one.id)), one => Assert.Equal(partitions[one.id], one.Partition));
        }
    }

    /// <summary>Captures whose calls show in spans of two scopes, which `partition_traces_by_id` would cut apart.</summary>
    /// <param name="withModel">Decisions that have the model which led to them; the first of a session is on its start.</param>
    [Theory]
    [InlineData("kitelogik", Http, "kitelogik/session-0.4.0", 12)]
    [InlineData("kagent", Http, "kagent/k09-openai-stream-forge", 0)]
    [InlineData("kagent", Grpc, "kagent/k010-traces-only", 0)]
    public async Task For_one_consumer_records_may_stay_whole(string recipe, int port, string name, double withModel)
    {
        var capture = SpanCapture.Of(name);
        var topic = $"{name.Replace('/', '.')}.whole";
        var broker = await kafka.BrokerAsync();
        await broker.Writer.CreateTopicAsync(topic);
        await broker.Writer.CreateTopicAsync($"{topic}.logs");
        await using var collector = await Collector.StartRecipeAsync(recipe, port, broker.Brokers, topic, $"{topic}.logs", byTrace: false);
        await using var worker = Worker.Start(broker.Brokers, topic, topic, logs: $"{topic}.logs");
        await worker.ReadyAsync();

        await SendAsync(collector, port, capture);

        await CountedAsync(worker, capture.SpanCount, capture.Expectation);
        var page = await worker.PageAsync();
        Assert.Equal(withModel, page.Sum("agent_decisions_total") - page.Sum("agent_decisions_total", ("model", "none")));
        Assert.Equal(capture.Records.Count, TopicRecords.Read(broker.Brokers, topic, 1).Count);
    }

    [Fact]
    public async Task Generated_agents_that_send_to_a_collector_are_counted_as_they_were_driven()
    {
        const string Topic = "generated.spans";
        var broker = await kafka.BrokerAsync();
        await broker.Writer.CreateTopicAsync(Topic, Partitions);
        await using var collector = await Collector.StartRecipeAsync("all", Http, broker.Brokers, Topic, "generated.logs", byTrace: false);
        await using var worker = Worker.Start(broker.Brokers, Topic, Topic);
        await worker.ReadyAsync();

        var generated = await ProgramUnderTest.RunAsync("generate", "--to", $"otlp:{collector.Address}", "--count", "5000", "--batch", "100");

        Assert.True(generated.ExitCode == 0, generated.ToString());
        await CountedAsync(worker, 5000, Expectation.Parse(generated.Output));
    }

    [Fact]
    public async Task Whole_conversations_stay_out_of_the_topics()
    {
        const string Request = "gcp.vertex.agent.llm_request", Traces = "content.spans", Logs = "content.logs";
        var capture = SpanCapture.Of("kagent/k010-openai-tools");
        var broker = await kafka.BrokerAsync();
        await broker.Writer.CreateTopicAsync(Traces);
        await broker.Writer.CreateTopicAsync(Logs);
        await using var collector = await Collector.StartRecipeAsync("kagent", Grpc, broker.Brokers, Traces, Logs);
        await SendAsync(collector, Grpc, capture);
        int Items(string topic) => TopicRecords.Read(broker.Brokers, topic, 1).Sum(record => SpanCapture.CountSpans(record.Value));
        await Eventually.Async(
            () => Items(Traces) == capture.SpanCount && Items(Logs) == capture.LogRequests.Sum(SpanCapture.CountSpans), Deadline, "all of it on the topics", collector.Describe);

        Assert.Contains(Request, Text(capture.Records), StringComparison.Ordinal);
        Assert.DoesNotContain(Request, Text(TopicRecords.Read(broker.Brokers, Traces, 1).Select(record => record.Value)), StringComparison.Ordinal);
        Assert.Contains(Said, Text(capture.LogRequests), StringComparison.Ordinal);
        Assert.DoesNotContain(Said, Text(TopicRecords.Read(broker.Brokers, Logs, 1).Select(record => record.Value)), StringComparison.Ordinal);
    }

    private static string Text(IEnumerable<byte[]> records) => string.Concat(records.Select(Encoding.UTF8.GetString));

    /// <summary>Both: what was driven is there, and no span more than was sent.</summary>
    private static async Task CountedAsync(Worker worker, int spans, Expectation expected)
    {
        IReadOnlyList<string> differences = [];
        await Eventually.Async(
            async () =>
            {
                var page = await worker.PageAsync();
                differences = [$"{page.Sum("traces_spanmetrics_calls_total")} of {spans} spans", .. expected.Differences(page.Samples)];
                return differences.Count == 1 && page.Sum("traces_spanmetrics_calls_total") == spans;
            },
            Deadline,
            "what was driven on the page",
            () => string.Join('\n', differences) + worker.Describe());
    }

    private static async Task SendAsync(Collector collector, int port, SpanCapture capture)
    {
        foreach (var (request, signal) in capture.Records.Select(record => (record, "traces")).Concat(capture.LogRequests.Select(record => (record, "logs"))))
        {
            await (port == Grpc ? collector.ExportByGrpcAsync(request, signal) : collector.ExportAsync(request, signal));
        }
    }
}
