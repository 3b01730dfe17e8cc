using SpanMetrics.Aggregation;
using SpanMetrics.Ingest;
using SpanMetrics.Pipeline;
using SpanMetrics.Tests.Support;
using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Unit;

/// <summary>What a page says of the records read, by signal.</summary>
public sealed class InputCountsTests
{
    private const string Records = "spanmetrics_input_records_total", Spans = "spanmetrics_input_spans_total", LogRecords = "spanmetrics_input_log_records_total";

    private static readonly byte[] Broken = Bytes(2, [0x0F]);

    private readonly ReplaySink _sink = Printed.Sink();

    [Fact]
    public void Before_the_first_record_both_signals_have_a_row_of_zero_for_every_reason()
    {
        MetricsPage page = Page();
        string[] Rows(string signal) => [.. page.Family(Records).Where(row => row.Labels["signal"] == signal).Select(row => $"{row.Labels["outcome"]} {row.Labels["reason"]}")];

        Assert.Equal(0, page.Sum(Records) + page.Sum(Spans) + page.Sum(LogRecords));
        Assert.Contains("ok none", Rows("logs"));
        Assert.Contains("salvaged truncated", Rows("logs"));
        Assert.Equal(Rows("traces"), Rows("logs"));
        Assert.Equal(["counted", "filtered", "invalid", "duplicate"], page.Family(Spans).Select(row => row.Labels["outcome"]));
        Assert.Equal(["counted", "filtered", "invalid"], page.Family(LogRecords).Select(row => row.Labels["outcome"]));
    }

    [Fact]
    public void Log_records_are_no_spans_and_add_up_by_themselves()
    {
        _sink.Take(Record("desk", "s", LogRecord("a"), Broken, LogRecord("b")), isNull: false, RecordSignal.Logs);
        _sink.Take(Record("desk", "s", Span("a")), isNull: false, RecordSignal.Traces);

        MetricsPage page = Page();
        Assert.Equal(3, page.Sum(LogRecords));
        Assert.Equal((2, 1), (page.Sum(LogRecords, ("outcome", "counted")), page.Sum(LogRecords, ("outcome", "invalid"))));
        Assert.Equal((1, 1), (page.Sum(Spans), page.Sum("traces_spanmetrics_calls_total")));
        Assert.Equal(1, page.Sum(Records, ("signal", "logs"), ("reason", "malformed")));
        Assert.Equal(1, page.Sum(Records, ("signal", "traces"), ("outcome", "ok")));
    }

    [Fact]
    public void A_record_of_the_other_signal_is_wrong_signal_both_ways()
    {
        byte[] spans = Assert.Single(SpanCapture.Kitelogik("session-0.4.0").Records), logs = SpanCapture.LogsRequest("agentgateway/v141_models");
        _sink.Take(spans, isNull: false, RecordSignal.Logs);
        _sink.Take(logs, isNull: false, RecordSignal.Traces);

        MetricsPage page = Page();
        Assert.Equal(1, page.Sum(Records, ("signal", "logs"), ("outcome", "rejected"), ("reason", "wrong_signal")));
        Assert.Equal(1, page.Sum(Records, ("signal", "traces"), ("outcome", "rejected"), ("reason", "wrong_signal")));
        Assert.Equal(SpanCapture.CountSpans(spans), page.Sum(LogRecords, ("outcome", "invalid")));
        Assert.Equal(SpanCapture.CountSpans(logs), page.Sum(Spans, ("outcome", "invalid")));
        Assert.Equal(0, page.Sum("traces_spanmetrics_calls_total"));
    }

    [Fact]
    public void Log_records_of_a_record_that_is_read_again_count_once()
    {
        byte[] scopeLast = ResourceLogs(ScopeLogs(LogRecord("a"), Scope("late"), LogRecord("b")));

        _sink.Take(scopeLast, isNull: false, RecordSignal.Logs);

        Assert.Equal(2, Page().Sum(LogRecords, ("outcome", "counted")));
    }

    [Fact]
    public void The_limit_of_a_record_is_that_of_logs_too()
    {
        byte[] logs = SpanCapture.LogsRequest("agentgateway/v141_models");
        ReplaySink sink = Printed.Sink(new AggregationOptions { RecordBytes = logs.Length - 1 });

        sink.Take(logs, isNull: false, RecordSignal.Logs);
        sink.Take([], isNull: true, RecordSignal.Logs);

        MetricsPage page = Printed.Parsed(sink.Fold());
        Assert.Equal((1, 1), (page.Sum(Records, ("signal", "logs"), ("reason", "too_large")), page.Sum(Records, ("signal", "logs"), ("reason", "null"))));
        Assert.Equal(logs.Length, page.Sum("spanmetrics_input_bytes_total"));
    }

    private MetricsPage Page() => Printed.Parsed(_sink.Fold());
}
