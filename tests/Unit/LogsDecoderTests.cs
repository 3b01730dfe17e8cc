using SpanMetrics.Otlp;
using SpanMetrics.Tests.Support;
using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Unit;

public sealed class LogsDecoderTests
{
    private static readonly byte[] Choice = LogRecord("gen_ai.choice", LogAttribute("gen_ai.system", "openai"));
    private static readonly byte[] Broken = Bytes(2, [0x0F, 0x00]);

    [Fact]
    public void A_log_record_is_shown_with_everything_it_says()
    {
        SeenLogRecord log = DecodedLogs.LogRecordOf(Record("desk", "gcp.vertex.agent", Bytes(2,
            Fixed64(1, 10), Varint(2, 9), Text(3, "INFO"), Bytes(5, Text(1, "hello")), LogAttribute("gen_ai.system", "openai"), Varint(7, 1),
            [(8 << 3) | 5, 1, 0, 0, 0], Bytes(9, new byte[16]), Bytes(10, [1, 2, 3, 4, 5, 6, 7, 8]), Fixed64(11, 25), Text(12, "gen_ai.choice"))));

        Assert.Equal(("gen_ai.choice", new string('0', 32), "0102030405060708", "gcp.vertex.agent"), (log.EventName, log.TraceId, log.SpanId, log.ScopeName));
        Assert.Equal((9, "INFO", 10ul, 25ul), (log.SeverityNumber, log.SeverityText, log.Time, log.Observed));
        Assert.Equal((AttributeKind.String, "hello", "desk", "openai"), (log.BodyKind, log.Body, log.Service, log.Provider));
    }

    [Fact]
    public void Resource_and_scope_count_wherever_they_stand()
    {
        SeenLogRecord before = DecodedLogs.LogRecordOf(ResourceLogs(Service("desk"), ScopeLogs(Scope("s"), Choice)));
        SeenLogRecord after = DecodedLogs.LogRecordOf(ResourceLogs(ScopeLogs(Choice, Scope("s")), Service("desk")));

        Assert.Equal(("desk", "s"), (before.Service, before.ScopeName));
        Assert.Equal(before, after);
    }

    [Fact]
    public void Two_resources_or_scopes_are_merged_and_the_later_value_wins()
    {
        byte[] logs = ScopeLogs(Scope("s"), Choice, Bytes(1, Text(2, "0.4.0")));

        SeenLogRecord merged = DecodedLogs.LogRecordOf(ResourceLogs(Service("desk"), logs, Resource(ResourceAttribute("other", "x"))));

        Assert.Equal(("desk", "s"), (merged.Service, merged.ScopeName));
        Assert.Equal("shop", DecodedLogs.LogRecordOf(ResourceLogs(Service("desk"), logs, Service("shop"))).Service);
    }

    [Fact]
    public void Resource_scope_and_attributes_are_those_of_their_own_log_records_only()
    {
        DecodedLogs seen = DecodedLogs.Of(Join(
            ResourceLogs(Service("desk"), ScopeLogs(Scope("s"), Choice, LogRecord("a")), ScopeLogs(Choice)), ResourceLogs(ScopeLogs(Choice)), Record("shop", "t", Choice)));

        Assert.Equal(["desk", "desk", "desk", "", "shop"], seen.LogRecords.Select(log => log.Service));
        Assert.Equal(["s", "s", "", "", "t"], seen.LogRecords.Select(log => log.ScopeName));
        Assert.Equal(["openai", "", "openai", "openai", "openai"], seen.LogRecords.Select(log => log.Provider));
    }

    [Fact]
    public void A_repeated_attribute_or_field_has_its_last_value()
    {
        SeenLogRecord log = DecodedLogs.LogRecordOf(Record("desk", "s", LogRecord(
            "first", Text(12, "second"), Varint(2, 1), Varint(2, 9), Bytes(5, Text(1, "one")), Bytes(5, Varint(3, 2)),
            LogAttribute("gen_ai.system", "one"), LogAttribute("gen_ai.system", "two"))));

        Assert.Equal(("second", 9, "2", "two"), (log.EventName, log.SeverityNumber, log.Body, log.Provider));
    }

    [Fact]
    public void Fields_that_nobody_knows_are_passed_over_at_every_level()
    {
        byte[] unknown = Join(Varint(900, 5), Fixed64(901, 1), Bytes(902, [1, 2]), [0xBD, 0x3E, 1, 2, 3, 4], [0xC3, 0x3E, 0xC4, 0x3E]);
        byte[] attribute = Bytes(6, unknown, Text(1, "gen_ai.system"), unknown, Bytes(2, unknown, Text(1, "openai"), unknown));
        byte[] log = Bytes(2, unknown, Text(12, "gen_ai.choice"), attribute, unknown, Bytes(5, unknown, Text(1, "hello")));
        byte[] record = Join(unknown, ResourceLogs(unknown, Bytes(1, unknown, ResourceAttribute("service.name", "desk")),
            Bytes(2, unknown, Bytes(1, unknown, Text(1, "s")), log, unknown)), unknown);

        SeenLogRecord seen = DecodedLogs.LogRecordOf(record);

        Assert.Equal(("gen_ai.choice", "openai", "desk", "s", "hello"), (seen.EventName, seen.Provider, seen.Service, seen.ScopeName, seen.Body));
    }

    [Fact]
    public void A_known_field_of_another_wire_type_is_passed_over()
    {
        SeenLogRecord log = DecodedLogs.LogRecordOf(Record("desk", "s", LogRecord(
            "a", Bytes(1, [1]), Text(2, "x"), Varint(3, 1), Fixed64(5, 1), Varint(6, 1), Bytes(8, [1]), Varint(9, 1), Varint(10, 1), Varint(11, 9), Varint(12, 1))));

        Assert.Equal(("a", 0, "", AttributeKind.Missing, "", "", 1ul), (log.EventName, log.SeverityNumber, log.SeverityText, log.BodyKind, log.TraceId, log.SpanId, log.Observed));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(24, 24)]
    [InlineData(25, 0)]
    [InlineData(ulong.MaxValue, 0)]
    [InlineData((1ul << 32) + 9, 9)]
    public void A_severity_that_OTLP_does_not_have_is_none(ulong onTheWire, int shown)
    {
        Assert.Equal(shown, DecodedLogs.LogRecordOf(Record("desk", "s", LogRecord("a", Varint(2, onTheWire)))).SeverityNumber);
    }

    [Fact]
    public void A_body_is_of_any_type_or_missing()
    {
        DecodedLogs seen = DecodedLogs.Of(Record("desk", "s",
            LogRecord("a"),
            LogRecord("a", Bytes(5)),
            LogRecord("a", Bytes(5, Text(1, "said"))),
            LogRecord("a", Bytes(5, Varint(3, 7))),
            LogRecord("a", Bytes(5, Bytes(6, Bytes(1, Text(1, "content"), Bytes(2, Text(1, "said")))))),
            LogRecord("a", Bytes(5, [0x0A, 0x7F])),
            LogRecord("a", Bytes(5, Text(1, "said")), Bytes(5), Bytes(5, Varint(900, 1)))));

        Assert.Equal(DecodeStatus.Ok, seen.Status);
        Assert.Equal(
            [AttributeKind.Missing, AttributeKind.Missing, AttributeKind.String, AttributeKind.Int, AttributeKind.Map, AttributeKind.Missing, AttributeKind.String],
            seen.LogRecords.Select(log => log.BodyKind));
        Assert.Equal(["", "", "said", "7", "_map_", "", "said"], seen.LogRecords.Select(log => log.Body));
    }

    [Fact]
    public void A_broken_log_record_does_not_hide_its_siblings()
    {
        byte[] brokenAttribute = LogRecord("b", Bytes(6, [0x0F]));
        DecodedLogs seen = DecodedLogs.Of(Join(
            ResourceLogs(Service("desk"), ScopeLogs(LogRecord("1"), Broken, brokenAttribute, LogRecord("2")), ScopeLogs(LogRecord("3"))), ResourceLogs(ScopeLogs(LogRecord("4")))));

        Assert.Equal(["1", "2", "3", "4"], seen.EventNames);
        Assert.Equal(2, seen.Invalid);
        Assert.Equal(DecodeStatus.Malformed, seen.Status);
    }

    [Fact]
    public void A_scope_or_resource_that_breaks_off_does_not_hide_those_beside_it()
    {
        byte[] garbage = [0x0F, 0x00];
        DecodedLogs seen = DecodedLogs.Of(Join(
            ResourceLogs(Service("desk"), ScopeLogs(LogRecord("1"), garbage), ScopeLogs(LogRecord("2")), garbage),
            ResourceLogs(ScopeLogs(garbage), garbage), ResourceLogs(ScopeLogs(LogRecord("3")))));

        Assert.Equal(["1", "2", "3"], seen.EventNames);
        Assert.Equal(DecodeStatus.Malformed, seen.Status);
    }

    [Fact]
    public void Garbage_after_the_last_log_record_leaves_the_log_records_and_is_told()
    {
        DecodedLogs seen = DecodedLogs.Of([.. Record("desk", "s", Choice), 0x07]);

        Assert.Equal(["gen_ai.choice"], seen.EventNames);
        Assert.Equal(DecodeStatus.Malformed, seen.Status);
    }

    [Fact]
    public void A_broken_attribute_of_a_resource_does_not_hide_the_next_and_is_told()
    {
        byte[] broken = Bytes(1, Text(1, "host.name"), [0x0F]);
        DecodedLogs seen = DecodedLogs.Of(ResourceLogs(Resource(broken, ResourceAttribute("service.name", "desk")), ScopeLogs(Choice)));

        Assert.Equal("desk", Assert.Single(seen.LogRecords).Service);
        Assert.Equal(DecodeStatus.Malformed, seen.Status);
    }

    [Fact]
    public void A_scope_that_breaks_off_after_its_name_has_the_name_and_is_told()
    {
        DecodedLogs seen = DecodedLogs.Of(ResourceLogs(ScopeLogs(Bytes(1, Text(1, "s"), [0x0A, 0x7F]), Choice)));

        Assert.Equal("s", Assert.Single(seen.LogRecords).ScopeName);
        Assert.Equal(DecodeStatus.Truncated, seen.Status);
    }

    [Fact]
    public void A_record_cut_anywhere_shows_a_prefix_of_its_log_records_and_is_never_whole()
    {
        CutEverywhere(ResourceLogs(
            Service("desk"),
            ScopeLogs(Scope("s"), Choice, LogRecord("b", Varint(2, 9), Bytes(5, Text(1, "said")), Bytes(10, new byte[8]), [0x7B, 0x7C])),
            ScopeLogs(Scope("t"), LogRecord("c", LogAttribute("http.status", "200")), LogRecord("d"))));
    }

    [Fact]
    public void A_capture_cut_anywhere_shows_a_prefix_of_its_log_records_and_is_never_whole()
    {
        CutEverywhere(SpanCapture.LogsRequest("kagent/k010-langgraph"));
    }

    [Fact]
    public void Events_of_kagent_are_read_as_they_were_sent()
    {
        IReadOnlyList<SeenLogRecord> logs = DecodedLogs.Of(SpanCapture.LogsRequest("kagent/k010-langgraph")).LogRecords;

        Assert.Equal(
            ["gen_ai.user.message", "gen_ai.user.message", "gen_ai.assistant.message", "gen_ai.tool.message", "gen_ai.tool.message"],
            logs.Select(log => log.EventName));
        Assert.All(logs, log => Assert.Equal(
            ("currency_agent", "opentelemetry.instrumentation.openai.v1", "openai", "7B8EDBB4056512854B3DC38924817715", AttributeKind.Map, 0, 0ul),
            (log.Service, log.ScopeName, log.Provider, log.TraceId, log.BodyKind, log.SeverityNumber, log.Time)));
    }

    [Fact]
    public void The_access_log_of_agentgateway_is_read_as_it_was_sent()
    {
        IReadOnlyList<SeenLogRecord> logs = DecodedLogs.Of(SpanCapture.LogsRequest("agentgateway/v141_models")).LogRecords;

        Assert.Equal(
            ["200", "200", "200", "200", "200", "200", "200", "403", "403", "403", "404", "404", "401", "200"],
            logs.Select(log => log.HttpStatus));
        Assert.All(logs, log => Assert.Equal(
            ("agentgateway", "request", "", AttributeKind.Missing, 9, "INFO"),
            (log.Service, log.ScopeName, log.EventName, log.BodyKind, log.SeverityNumber, log.SeverityText)));
    }

    [Fact]
    public void No_bytes_are_empty_a_batch_without_log_records_is_fine_and_other_bytes_are_not_OTLP()
    {
        Assert.Equal(DecodeStatus.Empty, DecodedLogs.Of([]).Status);
        Assert.Equal(DecodeStatus.Ok, DecodedLogs.Of(ResourceLogs(Service("desk"))).Status);
        Assert.Equal(DecodeStatus.Ok, DecodedLogs.Of(ResourceLogs()).Status);
        Assert.Equal(DecodeStatus.NotOtlp, DecodedLogs.Of("""{"resourceLogs":[]}"""u8).Status);
        Assert.Equal(DecodeStatus.NotOtlp, DecodedLogs.Of(new byte[1 << 20]).Status);
    }

    [Fact]
    public void A_body_of_10_MB_is_never_copied()
    {
        byte[] record = Record("desk", "s", LogRecord("a", Bytes(5, Text(1, new string('x', 10 << 20))), LogAttribute("gen_ai.system", "openai")));
        var decoder = new LogsDecoder(SeenLogRecord.Selector);
        var count = new CountingVisitor();
        decoder.Decode(record, ref count);

        long before = GC.GetAllocatedBytesForCurrentThread();
        decoder.Decode(record, ref count);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2 * (10 << 20), count.BodyBytes);
    }

    [Fact]
    public void Bytes_that_nobody_meant_never_throw_and_leave_nothing_for_the_record_after()
    {
        var random = new Random(1);
        var used = new LogsDecoder(SeenLogRecord.Selector);
        byte[][] captures = [SpanCapture.LogsRequest("kagent/k010-langgraph"), SpanCapture.LogsRequest("agentgateway/v141_models")];
        for (int i = 0; i < 5_000; i++)
        {
            byte[] record = [.. captures[i % captures.Length]];
            for (int flips = random.Next(1, 6); flips > 0; flips--)
            {
                record[random.Next(record.Length)] ^= (byte)(1 << random.Next(8));
            }
            DecodedLogs fresh = DecodedLogs.Of(record);
            DecodedLogs again = DecodedLogs.Of(record, used);

            Assert.Equal((fresh.Status, fresh.Invalid), (again.Status, again.Invalid));
            Assert.Equal(fresh.LogRecords, again.LogRecords);

            Span<byte> noise = record.AsSpan(0, random.Next(256));
            random.NextBytes(noise);
            DecodedLogs.Of(noise, used);
        }
    }

    private static void CutEverywhere(byte[] record)
    {
        var decoder = new LogsDecoder(SeenLogRecord.Selector);
        IReadOnlyList<SeenLogRecord> all = DecodedLogs.Of(record, decoder).LogRecords;
        int last = 0;
        for (int length = 1; length < record.Length; length++)
        {
            DecodedLogs cut = DecodedLogs.Of(record.AsSpan(0, length), decoder);
            Assert.True(cut.Status is DecodeStatus.Truncated or DecodeStatus.NotOtlp, $"{cut.Status} at {length}");
            Assert.True(cut.LogRecords.Count >= last, $"fewer log records at {length} than at {length - 1}");
            Assert.Equal(all.Take(cut.LogRecords.Count), cut.LogRecords);
            last = cut.LogRecords.Count;
        }
        Assert.True(last >= all.Count - 1);
    }

    private struct CountingVisitor : ILogRecordVisitor
    {
        public readonly bool TryMakeRoom(bool canRestart) => true;

        public int BodyBytes;

        public void Visit(in LogRecordView logRecord) => BodyBytes += logRecord.Body.AsText(default).Length;

        public readonly void VisitInvalid() => Assert.Fail("nothing is broken");

        public readonly void Restart() => Assert.Fail("the scope comes first");
    }
}
