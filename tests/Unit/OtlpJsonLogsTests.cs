using System.Text;
using SpanMetrics.Otlp;
using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Unit;

/// <summary>What logs add to OTLP/JSON; values, escapes and depth are the same code as in <see cref="OtlpJsonTests"/>.</summary>
public sealed class OtlpJsonLogsTests
{
    [Fact]
    public void A_whole_request_becomes_the_protobuf_of_the_same_data()
    {
        const string json = """
            {"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"desk"}}]},
              "scopeLogs":[{"scope":{"name":"gcp.vertex.agent","version":"1.31.1"},
                "logRecords":[{"timeUnixNano":"1544712660300000000","observedTimeUnixNano":1544712660300000001,
                  "severityNumber":10,"severityText":"Information",
                  "traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"eee19b7ec3c1b174","flags":1,"eventName":"gen_ai.choice",
                  "body":{"kvlistValue":{"values":[{"key":"content","value":{"stringValue":"said"}}]}},
                  "attributes":[{"key":"gen_ai.system","value":{"stringValue":"openai"}}],"droppedAttributesCount":2}],
                "schemaUrl":"u"}],
              "schemaUrl":"v"}]}
            """;

        byte[] log = Bytes(2,
            Fixed64(1, 1544712660300000000), Fixed64(11, 1544712660300000001), Varint(2, 10), Text(3, "Information"),
            Bytes(9, Convert.FromHexString("5B8EFFF798038103D269B633813FC60C")), Bytes(10, Convert.FromHexString("EEE19B7EC3C1B174")),
            Written(to => to.Fixed32Field(8, 1)), Text(12, "gen_ai.choice"),
            Bytes(5, Bytes(6, Bytes(1, Text(1, "content"), Bytes(2, Text(1, "said"))))),
            LogAttribute("gen_ai.system", "openai"), Varint(7, 2));
        byte[] scope = Bytes(1, Text(1, "gcp.vertex.agent"), Text(2, "1.31.1"));
        Assert.Equal(ResourceLogs(Service("desk"), ScopeLogs(scope, log, Text(3, "u")), Text(3, "v")), Transcoded(json));
    }

    [Theory]
    [InlineData("9", 9)]
    [InlineData("\"9\"", 9)]
    [InlineData("99", 99)]
    [InlineData("\"SEVERITY_NUMBER_UNSPECIFIED\"", null)]
    [InlineData("\"SEVERITY_NUMBER_TRACE\"", 1)]
    [InlineData("\"SEVERITY_NUMBER_DEBUG2\"", 6)]
    [InlineData("\"SEVERITY_NUMBER_WARN3\"", 15)]
    [InlineData("\"SEVERITY_NUMBER_FATAL4\"", 24)]
    [InlineData("\"SEVERITY_NUMBER_FATAL5\"", null)]
    [InlineData("\"SEVERITY_NUMBER_\"", null)]
    [InlineData("\"INFO\"", null)]
    [InlineData("null", null)]
    [InlineData("{\"a\":[]}", null)]
    public void A_severity_is_a_number_or_a_name(string json, int? number)
    {
        byte[] expected = number is { } value ? Varint(2, (ulong)value) : [];

        Assert.Equal(OfLogRecord(expected), Transcoded(WithLogRecord($"\"severityNumber\":{json}")));
    }

    [Theory]
    [InlineData("\"unknown\":{\"a\":[1]}")]
    [InlineData("\"event_name\":\"x\",\"severity_text\":\"x\"")]
    [InlineData("\"body\":\"x\"")]
    [InlineData("\"body\":null,\"attributes\":{},\"traceId\":1,\"timeUnixNano\":\"x\",\"eventName\":[]")]
    [InlineData("\"spanId\":\"not hex\"")]
    public void What_is_unknown_or_of_another_type_is_passed_over_and_its_siblings_stay(string json)
    {
        Assert.Equal(OfLogRecord(Text(3, "kept")), Transcoded(WithLogRecord($"{json},\"severityText\":\"kept\"")));
    }

    [Fact]
    public void The_last_of_repeated_fields_wins()
    {
        SeenLogRecord log = DecodedLogs.LogRecordOf(Transcoded(WithLogRecord(
            """ "eventName":"a","body":{"stringValue":"one"},"timeUnixNano":1,"eventName":"b\ud800","body":{"intValue":"2"},"timeUnixNano":2 """)));

        Assert.Equal(("b\uFFFD", "2", 2ul), (log.EventName, log.Body, log.Time));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"resourceLogs\":[]}")]
    [InlineData("{\"resourceLogs\":null,\"unknown\":1}")]
    public void An_empty_batch_is_a_batch(string json)
    {
        Assert.Empty(Transcoded(json));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"resourceSpans":[]}""")]
    [InlineData("""{"resource_logs":[]}""")]
    [InlineData("""{"resourceLogs":{}}""")]
    [InlineData("""{"resourceLogs":[]} x""")]
    [InlineData("""{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"eventName":"a"}""")]
    public void What_is_no_logs_request_is_refused_and_leaves_nothing(string json)
    {
        var to = new WireWriter();
        to.Raw("before"u8);

        Assert.False(OtlpJson.TryTranscodeLogs(Encoding.UTF8.GetBytes(json), to));
        Assert.Equal("before"u8, to.Written);
    }

    [Fact]
    public void A_body_that_is_too_deep_refuses_the_request()
    {
        string nested = string.Concat(Enumerable.Repeat("""{"arrayValue":{"values":[""", 10_000)) + string.Concat(Enumerable.Repeat("]}}", 10_000));

        Assert.False(OtlpJson.TryTranscodeLogs(Encoding.UTF8.GetBytes(WithLogRecord($"\"body\":{nested}")), new WireWriter()));
    }

    private static byte[] Transcoded(string json)
    {
        var to = new WireWriter();
        Assert.True(OtlpJson.TryTranscodeLogs(Encoding.UTF8.GetBytes(json), to));
        return to.Written.ToArray();
    }

    private static string WithLogRecord(string fields) => $$$"""{"resourceLogs":[{"scopeLogs":[{"logRecords":[{{{{fields}}}}]}]}]}""";

    private static byte[] OfLogRecord(params byte[][] fields) => ResourceLogs(ScopeLogs(Bytes(2, fields)));
}
