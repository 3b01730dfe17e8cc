using SpanMetrics.Otlp;
using SpanMetrics.Tests.Support;
using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Unit;

/// <summary>Every decoder with the records of another signal: nothing of them is shown, and odd ones of its own signal are.</summary>
public sealed class WrongSignalTests
{
    private static readonly byte[] TraceId = new byte[16];
    private static readonly byte[] SpanId = new byte[8];

    // message Metric { string name = 1; Gauge gauge = 5; Sum sum = 7; }   message Sum { repeated NumberDataPoint data_points = 1; }
    private static readonly byte[] Points = Bytes(1, Fixed64(3, 99), Fixed64(6, 1));
    private static readonly byte[] Metrics = Record("desk", "s", Bytes(2, Text(1, "requests"), Bytes(7, Points)), Bytes(2, Text(1, "name.of.16.bytes"), Bytes(5, Points)));

    [Fact]
    public void Log_records_are_no_spans()
    {
        byte[] body = Bytes(5, Text(1, "what was said"));

        AssertNoSpans(Record("desk", "s", Bytes(2, Fixed64(1, 99), Varint(2, 9), body, Fixed64(11, 99))));
        AssertNoSpans(Record("desk", "s", Bytes(2, body, Bytes(9, TraceId), Bytes(10, SpanId), Fixed64(11, 99))));
        AssertNoSpans(Record("desk", "s", Bytes(2, Varint(2, 9), body)));
        AssertNoSpans(SpanCapture.LogsRequest("kagent/k010-langgraph"));
        AssertNoSpans(SpanCapture.LogsRequest("agentgateway/v141_models"));
    }

    [Fact]
    public void Metrics_are_neither_spans_nor_log_records()
    {
        AssertNoSpans(Metrics);
        AssertNoLogRecords(Metrics);
    }

    [Fact]
    public void Spans_are_no_log_records()
    {
        AssertNoLogRecords(Record("desk", "s", Span("a", Bytes(1, TraceId), Bytes(2, SpanId), Varint(6, 1), Fixed64(7, 10), Fixed64(8, 25), Attribute("a", "b"))));
        AssertNoLogRecords(Record("desk", "s", Span("a", Bytes(1, TraceId), Attribute("a", "b"))));
        Assert.All(SpanCapture.AllKitelogik().SelectMany(capture => capture.Records), AssertNoLogRecords);
    }

    [Fact]
    public void Spans_without_a_start_are_spans()
    {
        Decoded seen = Decoded.Of(Record("desk", "s",
            Span("1"), Span("2", Attribute("a", "b")), Span("3", Varint(6, 3), Error("no")), Span("4", Bytes(1, [1]), Bytes(2, [2]), Attribute("a", "b")), Span("5", Fixed64(8, 9))));

        Assert.Equal(["1", "2", "3", "4", "5"], seen.Names);
        Assert.Equal((DecodeStatus.Ok, 0), (seen.Status, seen.Invalid));
    }

    /// <summary>The times are never missing in what SDKs send, but nothing forbids it.</summary>
    [Fact]
    public void Log_records_without_times_are_log_records()
    {
        byte[][] logs =
        [
            Bytes(2),
            Bytes(2, Bytes(5, Text(1, "said"))),
            Bytes(2, Text(3, "INFO"), Bytes(5, Text(1, "said"))),
            Bytes(2, Varint(2, 9), Bytes(5, Text(1, "said"))),
            Bytes(2, Bytes(9, TraceId), Bytes(10, SpanId), Text(12, "gen_ai.choice")),
            Bytes(2, Bytes(5, Text(1, "said")), Bytes(13, [1]), Varint(14, 1)),
        ];

        DecodedLogs seen = DecodedLogs.Of(Record("desk", "s", logs));

        Assert.Equal((DecodeStatus.Ok, logs.Length, 0), (seen.Status, seen.LogRecords.Count, seen.Invalid));
    }

    [Fact]
    public void One_of_another_signal_between_its_own_is_invalid_and_hides_none()
    {
        byte[] record = Record("desk", "s", LogRecord("log"), Span("span", Bytes(1, TraceId), Fixed64(7, 1)), LogRecord("log"));
        Decoded spans = Decoded.Of(record);
        DecodedLogs logs = DecodedLogs.Of(record);

        Assert.Equal(["span"], spans.Names);
        Assert.Equal(["log", "log"], logs.EventNames);
        Assert.Equal((DecodeStatus.Ok, 2), (spans.Status, spans.Invalid));
        Assert.Equal((DecodeStatus.Ok, 1), (logs.Status, logs.Invalid));
    }

    private static void AssertNoSpans(byte[] record)
    {
        Decoded seen = Decoded.Of(record);
        Assert.Empty(seen.Spans);
        Assert.Equal(DecodeStatus.WrongSignal, seen.Status);
    }

    private static void AssertNoLogRecords(byte[] record)
    {
        DecodedLogs seen = DecodedLogs.Of(record);
        Assert.Empty(seen.LogRecords);
        Assert.Equal(DecodeStatus.WrongSignal, seen.Status);
    }
}
