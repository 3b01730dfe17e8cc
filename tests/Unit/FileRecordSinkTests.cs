using System.Text;
using SpanMetrics.Ingest;
using SpanMetrics.Pipeline;
using SpanMetrics.Tests.Support;
using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Unit;

public sealed class FileRecordSinkTests
{
    private const string JsonSpans = """{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"a"}]}]}]}""";
    private const string JsonLogs = """{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"eventName":"a"}]}]}]}""";

    private static readonly byte[] Spans = ResourceSpans(ScopeSpans(Span("a")));
    private static readonly byte[] Logs = ResourceLogs(ScopeLogs(Bytes(2, Text(12, "a"))));

    [Fact]
    public void What_nobody_named_is_told_by_its_content()
    {
        Assert.Equal(RecordSignal.Logs, Passed(SpanCapture.LogsRequest("kagent/k010-langgraph"), RecordSignal.Auto).Signal);
        Assert.Equal(RecordSignal.Logs, Passed(SpanCapture.LogsRequest("agentgateway/v141_models"), RecordSignal.Auto).Signal);
        Assert.All(
            SpanCapture.AllKitelogik().SelectMany(capture => capture.Records),
            record => Assert.Equal(RecordSignal.Traces, Passed(record, RecordSignal.Auto).Signal));
        Assert.Equal(RecordSignal.Traces, Passed("neither"u8.ToArray(), RecordSignal.Auto).Signal);
    }

    [Fact]
    public void What_was_named_is_not_asked_of_the_content()
    {
        foreach (RecordSignal named in new[] { RecordSignal.Traces, RecordSignal.Logs })
        {
            AssertPassed(Spans, named, Passed(Spans, named));
            AssertPassed(Logs, named, Passed(Logs, named));
            // Of the other signal, JSON must be OTLP all the same, or nobody could tell what is wrong with it.
            AssertPassed(Spans, named, Passed(JsonSpans, named));
            AssertPassed(Logs, named, Passed(JsonLogs, named));
        }
    }

    [Fact]
    public void Json_becomes_otlp_of_the_signal_that_it_names()
    {
        AssertPassed(Spans, RecordSignal.Traces, Passed(JsonSpans, RecordSignal.Auto));
        AssertPassed(Logs, RecordSignal.Logs, Passed(" " + JsonLogs, RecordSignal.Auto));
        AssertPassed(Logs, RecordSignal.Logs, Passed("{\"unknown\":1," + JsonLogs[1..], RecordSignal.Auto));
    }

    [Theory]
    [InlineData("""{"resourceMetrics":[]}""")]
    [InlineData("""{"resourceLogs":[""")]
    [InlineData("{")]
    public void Json_that_is_no_request_goes_on_as_it_is(string json) =>
        AssertPassed(Encoding.UTF8.GetBytes(json), RecordSignal.Traces, Passed(json, RecordSignal.Auto));

    private static void AssertPassed(byte[] record, RecordSignal signal, (byte[] Record, RecordSignal Signal) passed)
    {
        Assert.Equal(record, passed.Record);
        Assert.Equal(signal, passed.Signal);
    }

    private static (byte[] Record, RecordSignal Signal) Passed(string json, RecordSignal signal) => Passed(Encoding.UTF8.GetBytes(json), signal);

    private static (byte[] Record, RecordSignal Signal) Passed(byte[] record, RecordSignal signal)
    {
        var seen = new Seen();
        new FileRecordSink(seen).Take(record, isNull: false, signal);
        return Assert.Single(seen.Taken);
    }

    private sealed class Seen : IRecordSink
    {
        public List<(byte[] Record, RecordSignal Signal)> Taken { get; } = [];

        public void Take(ReadOnlySpan<byte> value, bool isNull, RecordSignal signal) => Taken.Add((value.ToArray(), signal));
    }
}
