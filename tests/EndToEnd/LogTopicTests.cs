using System.Text.RegularExpressions;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.EndToEnd;

/// <summary>A worker with topics of both signals.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class LogTopicTests(RealKafka kafka)
{
    private const string LogRecords = "spanmetrics_input_log_records_total";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly SpanCapture Spans = SpanCapture.Kitelogik("session-0.4.0");
    private static readonly byte[][] Logs = [SpanCapture.LogsRequest("kagent/k010-langgraph"), SpanCapture.LogsRequest("agentgateway/v141_models")];
    private static readonly int LogsCount = Logs.Sum(SpanCapture.CountSpans);

    [Fact]
    public async Task A_topic_of_spans_and_one_of_logs_are_both_counted_and_committed()
    {
        var broker = await kafka.BrokerAsync();
        await broker.Writer.CreateTopicAsync("both.spans", partitions: 2);
        await broker.Writer.CreateTopicAsync("both.logs");
        await broker.Writer.WriteAllAsync("both.logs", Logs);
        await broker.Writer.WriteAllAsync("both.spans", Spans.Records, partition: 1);
        await using (var worker = Worker.Start(broker.Brokers, "both.spans", "both", logs: "both.logs"))
        {
            var page = await worker.PageAsync(page => Records(page) >= Logs.Length + Spans.Records.Count, Deadline, "the records of both topics");

            Assert.Equal((Logs.Length, Spans.Records.Count), (Records(page, ("signal", "logs"), ("outcome", "ok")), Records(page, ("signal", "traces"), ("outcome", "ok"))));
            Assert.Equal((LogsCount, Spans.SpanCount), (page.Sum(LogRecords), page.Sum("spanmetrics_input_spans_total", ("outcome", "counted"))));
            Assert.Empty(Spans.Expectation.Differences("agent_decisions_total", page.Samples));
            Assert.Contains(page.Family("spanmetrics_consumer_lag_records"), row => row.Labels["topic"] == "both.logs" && row.Value == 0);
            worker.Signal(ChildProcess.SigTerm);
            Assert.True(await worker.ExitAsync(Deadline) == 0, worker.Describe());
        }

        await using var next = Worker.Start(broker.Brokers, "both.spans", "both", logs: "both.logs");
        await broker.Writer.WriteAsync("both.logs", Logs[0]);
        var later = await next.PageAsync(page => Records(page) >= 1, Deadline, "the later record");
        Assert.Equal((1, 1), (Records(later), Records(later, ("signal", "logs"))));
    }

    [Fact]
    public async Task Records_on_the_topic_of_the_other_signal_are_wrong_and_hide_none()
    {
        var broker = await kafka.BrokerAsync();
        await broker.Writer.CreateTopicAsync("crossed.spans");
        await broker.Writer.CreateTopicAsync("crossed.logs");
        await broker.Writer.WriteAllAsync("crossed.spans", [Logs[0], .. Spans.Records]);
        await broker.Writer.WriteAllAsync("crossed.logs", [.. Spans.Records, Logs[0]]);
        await using var worker = Worker.Start(broker.Brokers, "crossed.spans", "crossed", logs: "crossed.logs");

        var page = await worker.PageAsync(page => Records(page) >= 2 + (2 * Spans.Records.Count), Deadline, "all records");

        Assert.Equal(1, Records(page, ("signal", "traces"), ("reason", "wrong_signal")));
        Assert.Equal(Spans.Records.Count, Records(page, ("signal", "logs"), ("reason", "wrong_signal")));
        Assert.Equal(Spans.SpanCount, page.Sum("traces_spanmetrics_calls_total"));
        Assert.Equal(SpanCapture.CountSpans(Logs[0]), page.Sum(LogRecords, ("outcome", "counted")));
        Assert.Matches(@"crossed\.spans\D+0\D+0\b.*wrong_signal", worker.Log);
    }

    [Fact]
    public async Task Logs_alone_are_read_where_there_is_no_topic_of_spans()
    {
        var broker = await kafka.BrokerAsync();
        await broker.Writer.CreateTopicAsync("alone.logs");
        await broker.Writer.WriteAllAsync("alone.logs", Logs);
        await using var worker = Worker.Start(broker.Brokers, "", "alone", logs: "alone.logs");

        var page = await worker.PageAsync(page => Records(page) >= Logs.Length, Deadline, "the records of logs");

        Assert.Equal((Logs.Length, LogsCount), (Records(page, ("signal", "logs"), ("outcome", "ok")), page.Sum(LogRecords)));
    }

    /// <summary>The default names a topic of logs, and not everybody has one.</summary>
    [Fact]
    public async Task A_topic_that_is_not_there_is_one_warning_and_keeps_nobody_from_counting()
    {
        var broker = await kafka.BrokerAsync();
        await broker.Writer.CreateTopicAsync("lone.spans");
        await using var worker = Worker.Start(broker.Brokers, "lone.spans", "lone", logs: "lone.logs");
        await worker.ReadyAsync();
        await broker.Writer.WriteAllAsync("lone.spans", Spans.Records);

        await worker.PageAsync(page => page.Sum("traces_spanmetrics_calls_total") >= Spans.SpanCount, Deadline, "all spans");

        worker.Signal(ChildProcess.SigTerm);
        Assert.True(await worker.ExitAsync(Deadline) == 0, worker.Describe());
        Assert.Single(worker.Log.Split('\n'), line => Regex.IsMatch(line, "warn: .*lone.logs"));
        Assert.DoesNotContain("lone.logs[", worker.Log, StringComparison.Ordinal);   // nobody made it
    }

    private static double Records(MetricsPage page, params (string, string)[] labels) => page.Sum("spanmetrics_input_records_total", labels);
}
