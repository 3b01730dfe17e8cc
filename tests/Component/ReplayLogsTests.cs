using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Component;

/// <summary>Files of log records, alone and among files of spans.</summary>
[Collection(ComponentGroup.Name)]
public sealed class ReplayLogsTests : IDisposable
{
    private const string LogRecords = "spanmetrics_input_log_records_total";

    // What the collector's file exporter writes.
    private const string JsonLogs = """{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"desk"}}]},"scopeLogs":[{"scope":{"name":"openai"},"logRecords":[{"observedTimeUnixNano":"1763726400000000000","body":{"stringValue":"said"},"eventName":"gen_ai.choice"},{"timeUnixNano":"1763726400000000001"}]}]}]}""";
    private const string JsonSpans = """{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"chat","startTimeUnixNano":"1763726400000000000"}]}]}]}""";

    private static readonly string Logs = Repository.PathOf("tests", "data", "corpus", "agentgateway", "v141_models.logs.pb");
    private static readonly int LogsCount = SpanCapture.CountSpans(SpanCapture.LogsRequest("agentgateway/v141_models"));
    private static readonly SpanCapture Spans = SpanCapture.Kitelogik("session-0.4.0");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_of_spans_and_of_logs_are_read_together()
    {
        var page = await ReplayedAsync($"records={Spans.Records.Count + 1} spans={Spans.SpanCount} ", $" log_records={LogsCount}\n", Logs, Spans.File);

        Assert.Equal((1, Spans.Records.Count), (Records(page, "logs", "none"), Records(page, "traces", "none")));
        Assert.Equal(LogsCount, page.Sum(LogRecords));
        Assert.Equal(Spans.SpanCount, page.Sum("traces_spanmetrics_calls_total"));
        Assert.Empty(Spans.Expectation.Differences("agent_decisions_total", page.Samples));
    }

    [Fact]
    public async Task Json_lines_of_both_signals_in_one_file_are_told_apart()
    {
        var file = _folder.Write("both.json", $"{JsonLogs}\n{JsonSpans}\n{JsonLogs}\n");

        var page = await ReplayedAsync("records=3 spans=1 ", " log_records=4\n", file);

        Assert.Equal((2, 1), (Records(page, "logs", "none"), Records(page, "traces", "none")));
    }

    [Theory]
    [InlineData("logs", "none", "wrong_signal")]
    [InlineData("traces", "wrong_signal", "none")]
    public async Task Records_of_another_signal_than_the_one_named_are_wrong(string named, string reasonOfLogs, string reasonOfSpans)
    {
        var json = _folder.Write("logs.json", JsonLogs);

        var page = await ReplayedAsync("records=", "\n", Logs, json, Spans.File, "--signal", named);

        Assert.Equal((2, Spans.Records.Count), (Records(page, named, reasonOfLogs), Records(page, named, reasonOfSpans)));
        Assert.Equal(2 + Spans.Records.Count, page.Sum("spanmetrics_input_records_total"));
    }

    [Fact]
    public async Task Explain_names_each_log_record_of_the_trace_asked_for()
    {
        var line = JsonLogs.Replace("\"body\"", "\"traceId\":\"5b8efff798038103d269b633813fc60c\",\"spanId\":\"eee19b7ec3c1b174\",\"body\"", StringComparison.Ordinal);

        var result = await ProgramUnderTest.RunAsync("explain", _folder.Write("logs.json", line), "--trace", "5B8EFFF798038103D269B633813FC60C");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.StartsWith("log eee19b7ec3c1b174 of trace 5b8efff798038103d269b633813fc60c, record 0: class other, ", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\nlog ", result.Output, StringComparison.Ordinal);
    }

    private static double Records(MetricsPage page, string signal, string reason) =>
        page.Sum("spanmetrics_input_records_total", ("signal", signal), ("reason", reason));

    private static async Task<MetricsPage> ReplayedAsync(string start, string end, params string[] arguments)
    {
        var result = await ProgramUnderTest.RunAsync(["replay", .. arguments]);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.StartsWith(start, result.Error, StringComparison.Ordinal);
        Assert.EndsWith(end, result.Error, StringComparison.Ordinal);
        return MetricsPage.Parse(result.Output);
    }
}
