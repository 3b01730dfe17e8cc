using System.Text;
using SpanMetrics.Otlp;
using SpanMetrics.Tests.Support;
using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Unit;

public sealed class TracesDecoderTests
{
    private static readonly byte[] Gate = Span("policy_gate.evaluate", Attribute("kitelogik.tool_name", "refund"), Attribute("kitelogik.policy.deny", true));
    private static readonly byte[] Broken = Bytes(2, [0x0F, 0x00]);

    [Fact]
    public void A_span_is_shown_with_everything_it_says()
    {
        SeenSpan span = Decoded.SpanOf(Record("desk", "kitelogik.tether", Span(
            "policy_gate.evaluate", Bytes(1, new byte[16]), Bytes(2, [1, 2, 3, 4, 5, 6, 7, 8]), Varint(6, 3), Fixed64(7, 10), Fixed64(8, 25),
            Attribute("kitelogik.tool_name", "refund"), Error("no"))));

        Assert.Equal(("policy_gate.evaluate", "0102030405060708", "kitelogik.tether", "no"), (span.Name, span.Id, span.ScopeName, span.StatusMessage));
        Assert.Equal(("Client", "Error", 10ul, 25ul), (span.Kind, span.Status, span.Start, span.End));
        Assert.Equal(("desk", "refund"), (span.Service, span.Tool));
    }

    [Fact]
    public void The_resource_counts_wherever_it_stands()
    {
        byte[] spans = ScopeSpans(Scope("kitelogik.tether"), Gate);
        SeenSpan before = Decoded.SpanOf(ResourceSpans(Service("desk"), spans));
        SeenSpan after = Decoded.SpanOf(ResourceSpans(spans, Service("desk")));

        Assert.Equal("desk", before.Service);
        Assert.Equal(before, after);
    }

    [Fact]
    public void The_scope_counts_wherever_it_stands()
    {
        Assert.Equal("decision", Decoded.SpanOf(ResourceSpans(ScopeSpans(Scope("kitelogik.tether"), Span("policy_gate.evaluate")))).Class);
        Assert.Equal("decision", Decoded.SpanOf(ResourceSpans(ScopeSpans(Span("policy_gate.evaluate"), Scope("kitelogik.tether")))).Class);
    }

    [Fact]
    public void Two_resources_are_merged_and_the_later_value_wins()
    {
        byte[] spans = ScopeSpans(Gate);

        Assert.Equal("desk", Decoded.SpanOf(ResourceSpans(Service("desk"), spans, Resource(ResourceAttribute("other", "x")))).Service);
        Assert.Equal("shop", Decoded.SpanOf(ResourceSpans(Service("desk"), spans, Service("shop"))).Service);
    }

    [Fact]
    public void A_resource_is_that_of_its_own_spans_only()
    {
        Decoded seen = Decoded.Of(Join(ResourceSpans(Service("desk"), ScopeSpans(Gate)), ResourceSpans(ScopeSpans(Gate)), Record("shop", "s", Gate)));

        Assert.Equal(["desk", "unknown", "shop"], seen.Spans.Select(span => span.Service));
    }

    [Fact]
    public void An_attribute_is_that_of_its_own_span_only()
    {
        Decoded seen = Decoded.Of(Record("desk", "kitelogik.tether", Gate, Span("policy_gate.evaluate")));

        Assert.Equal(["refund", "unknown"], seen.Spans.Select(span => span.Tool));
        Assert.Equal(["deny", "none"], seen.Spans.Select(span => span.Outcome));
    }

    [Fact]
    public void A_repeated_status_is_merged()
    {
        SeenSpan span = Decoded.SpanOf(Record("desk", "s", Span("a", Bytes(15, Text(2, "first")), Bytes(15, Varint(3, 2)))));

        Assert.Equal(("first", "Error"), (span.StatusMessage, span.Status));
    }

    [Fact]
    public void A_repeated_attribute_or_field_has_its_last_value()
    {
        SeenSpan span = Decoded.SpanOf(Record("desk", "kitelogik.tether", Span(
            "first", Text(5, "policy_gate.evaluate"), Varint(6, 1), Varint(6, 2),
            Attribute("kitelogik.tool_name", "one"), Attribute("kitelogik.tool_name", "two"))));

        Assert.Equal(("policy_gate.evaluate", "Server", "two"), (span.Name, span.Kind, span.Tool));
    }

    [Fact]
    public void The_last_arm_of_a_value_wins()
    {
        SeenSpan span = Decoded.SpanOf(Record("desk", "kitelogik.tether", Span(
            "policy_gate.evaluate", Value("kitelogik.tool_name", Text(1, "one"), Varint(3, 42)))));

        Assert.Equal("42", span.Tool);
    }

    [Fact]
    public void Fields_that_nobody_knows_are_passed_over_at_every_level()
    {
        byte[] unknown = Join(Varint(900, 5), Fixed64(901, 1), Bytes(902, [1, 2]), [0xBD, 0x3E, 1, 2, 3, 4], [0xC3, 0x3E, 0xC4, 0x3E]);
        byte[] attribute = Bytes(9, unknown, Text(1, "kitelogik.tool_name"), unknown, Bytes(2, unknown, Text(1, "refund"), unknown));
        byte[] span = Bytes(2, unknown, Text(5, "policy_gate.evaluate"), attribute, unknown, Bytes(15, unknown, Varint(3, 2)));
        byte[] record = Join(unknown, ResourceSpans(unknown, Bytes(1, unknown, ResourceAttribute("service.name", "desk")),
            Bytes(2, unknown, Bytes(1, unknown, Text(1, "kitelogik.tether")), span, unknown)), unknown);

        SeenSpan seen = Decoded.SpanOf(record);

        Assert.Equal(("policy_gate.evaluate", "refund", "desk", "kitelogik.tether", "Error"), (seen.Name, seen.Tool, seen.Service, seen.ScopeName, seen.Status));
    }

    [Fact]
    public void A_known_field_of_another_wire_type_is_passed_over()
    {
        SeenSpan span = Decoded.SpanOf(Record("desk", "s", Span(
            "a", Varint(5, 3), Text(6, "x"), Varint(7, 9), Varint(9, 1), Varint(15, 2), Fixed64(15, 2), Attribute("kitelogik.tool.name", "t"))));

        Assert.Equal(("a", "Unspecified", 0ul, "Unset"), (span.Name, span.Kind, span.Start, span.Status));
    }

    [Fact]
    public void Numbers_that_an_enum_does_not_have_are_unspecified()
    {
        SeenSpan span = Decoded.SpanOf(Record("desk", "s", Span("a", Varint(6, 99), Status(7, ""))));

        Assert.Equal(("Unspecified", "Unset"), (span.Kind, span.Status));
    }

    [Fact]
    public void A_broken_span_does_not_hide_its_siblings()
    {
        Decoded seen = Decoded.Of(Join(
            ResourceSpans(Service("desk"), ScopeSpans(Span("1"), Broken, Span("2")), ScopeSpans(Span("3"))), ResourceSpans(ScopeSpans(Span("4")))));

        Assert.Equal(["1", "2", "3", "4"], seen.Names);
        Assert.Equal(1, seen.Invalid);
        Assert.Equal(DecodeStatus.Malformed, seen.Status);
    }

    [Fact]
    public void A_scope_or_resource_that_breaks_off_does_not_hide_those_beside_it()
    {
        byte[] garbage = [0x0F, 0x00];
        Decoded seen = Decoded.Of(Join(
            ResourceSpans(Service("desk"), ScopeSpans(Span("1"), garbage), ScopeSpans(Span("2")), garbage), ResourceSpans(ScopeSpans(Span("3")))));

        Assert.Equal(["1", "2", "3"], seen.Names);
        Assert.Equal(DecodeStatus.Malformed, seen.Status);
    }

    [Fact]
    public void Garbage_after_the_last_span_leaves_the_spans_and_is_told()
    {
        Decoded seen = Decoded.Of([.. Record("desk", "s", Span("1")), 0x07]);

        Assert.Equal(["1"], seen.Names);
        Assert.Equal(DecodeStatus.Malformed, seen.Status);
    }

    [Fact]
    public void A_broken_attribute_of_a_resource_is_told()
    {
        byte[] attribute = Bytes(1, Text(1, "host.name"), [0x0F]);
        Decoded seen = Decoded.Of(ResourceSpans(Resource(ResourceAttribute("service.name", "desk"), attribute), ScopeSpans(Span("1"))));

        Assert.Equal("desk", Assert.Single(seen.Spans).Service);
        Assert.Equal(DecodeStatus.Malformed, seen.Status);
    }

    [Fact]
    public void A_record_cut_anywhere_shows_a_prefix_of_its_spans_and_is_never_whole()
    {
        byte[] record = ResourceSpans(
            Service("desk"),
            ScopeSpans(Scope("kitelogik.tether"), Gate, Span("b", Bytes(2, [9, 9, 9, 9, 9, 9, 9, 9]), Fixed64(7, 1), Error("x"), [0x2B, 0x2C])),
            ScopeSpans(Scope("t"), Span("c", Attribute("agent.name", "z")), Span("d")));

        CutEverywhere(record, whole: 4);
    }

    [Theory]
    [InlineData("adapter-0.3.0")]
    [InlineData("events-0.4.0")]
    [InlineData("governed-0.4.0")]
    public void A_capture_cut_anywhere_shows_a_prefix_of_its_spans_and_is_never_whole(string name)
    {
        SpanCapture capture = SpanCapture.Kitelogik(name);

        CutEverywhere(Assert.Single(capture.Records), capture.SpanCount);
    }

    [Fact]
    public void Log_records_are_another_signal()
    {
        // message LogRecord { fixed64 time_unix_nano = 1; SeverityNumber severity_number = 2; AnyValue body = 5; repeated KeyValue attributes = 6; fixed64 observed = 11; }
        byte[] log = Bytes(2, Fixed64(1, 99), Varint(2, 9), Bytes(5, Text(1, "what was said")), Bytes(6, Text(1, "k")), Fixed64(11, 99));
        Decoded seen = Decoded.Of(Record("desk", "s", log, log));

        Assert.Equal(DecodeStatus.WrongSignal, seen.Status);
        Assert.Empty(seen.Spans);
    }

    /// <summary>Only the time of observation is always there; and a body taken for a span's name would show what was said.</summary>
    [Fact]
    public void Log_records_without_a_time_are_another_signal_too()
    {
        byte[] log = Bytes(2, Varint(2, 9), Bytes(5, Text(1, "what was said")), Fixed64(11, 99));
        Decoded seen = Decoded.Of(Record("desk", "s", log));

        Assert.Empty(seen.Spans);
        Assert.Equal(DecodeStatus.WrongSignal, seen.Status);
    }

    [Fact]
    public void No_bytes_are_empty_and_a_batch_without_spans_is_fine()
    {
        Assert.Equal(DecodeStatus.Empty, Decoded.Of([]).Status);
        Assert.Equal(DecodeStatus.Ok, Decoded.Of(ResourceSpans(Service("desk"))).Status);
        Assert.Equal(DecodeStatus.Ok, Decoded.Of(ResourceSpans()).Status);
    }

    [Fact]
    public void What_is_not_OTLP_is_told_apart()
    {
        byte[][] others =
        [
            """{"resourceSpans":[]}"""u8.ToArray(),
            [0x89, .. "PNG\r\n\u001a\n\0\0\0\rIHDR"u8],
            [0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3],
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(),
            "hello, world"u8.ToArray(),
            new byte[1 << 20],
        ];
        Assert.All(others, bytes =>
        {
            Decoded seen = Decoded.Of(bytes);
            Assert.Equal(DecodeStatus.NotOtlp, seen.Status);
            Assert.Empty(seen.Spans);
        });
    }

    [Fact]
    public void A_name_that_is_not_UTF8_is_shown_and_so_are_its_siblings()
    {
        Decoded seen = Decoded.Of(Record("desk", "s", Bytes(2, Bytes(5, [(byte)'a', 0xC3, 0x28, 0xFF])), Span("b")));

        Assert.Equal(DecodeStatus.Ok, seen.Status);
        Assert.Equal(["a\uFFFD(\uFFFD", "b"], seen.Names);
    }

    [Fact]
    public void An_attribute_of_10_MB_that_nobody_asked_for_is_passed_over()
    {
        byte[] record = Record("desk", "s", Span("a", Attribute("gen_ai.prompt", new string('x', 10 << 20)), Attribute("agent.name", "z")));
        var decoder = new TracesDecoder(SpanMetrics.Configuration.Emitters.Rules.Selector);
        Assert.Equal("z", Assert.Single(Decoded.Of(record, decoder).Spans).Agent);

        Decoded seen = Decoded.Nothing;
        long before = GC.GetAllocatedBytesForCurrentThread();
        decoder.Decode(record, ref seen);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    private static void CutEverywhere(byte[] record, int whole)
    {
        var decoder = new TracesDecoder(SpanMetrics.Configuration.Emitters.Rules.Selector);
        IReadOnlyList<SeenSpan> all = Decoded.Of(record, decoder).Spans;
        Assert.Equal(whole, all.Count);
        int last = 0;
        for (int length = 1; length < record.Length; length++)
        {
            Decoded cut = Decoded.Of(record.AsSpan(0, length), decoder);
            Assert.True(cut.Status is DecodeStatus.Truncated or DecodeStatus.NotOtlp, $"{cut.Status} at {length}");
            Assert.True(cut.Spans.Count >= last, $"fewer spans at {length} than at {length - 1}");
            Assert.Equal(all.Take(cut.Spans.Count), cut.Spans);
            last = cut.Spans.Count;
        }
        Assert.True(last >= whole - 1);
    }
}
