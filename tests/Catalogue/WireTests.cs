using System.Text;
using static SpanMetrics.Tests.Catalogue.Odd;
using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Catalogue;

/// <summary>Protobuf that no writer makes, or that few do.</summary>
public sealed class WireTests
{
    private const int MiB = 1 << 20;

    private static readonly byte[] Minus1 = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01];
    private static readonly byte[] TwoGiB = [0x80, 0x80, 0x80, 0x80, 0x08];
    private static readonly byte[] Overflowing = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02];
    private static readonly byte[] ElevenBytes = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01];
    private static readonly byte[] Group = [0xC3, 0x3E]; // field 1000, opened
    private static readonly byte[] GroupEnd = [0xC4, 0x3E];
    private static readonly byte[] Unknown = Join(Varint(900, 5), Fixed64(901, 1), Bytes(902, [1, 2]), [0xBD, 0x3E, 1, 2, 3, 4], Group, Varint(1, 1), GroupEnd);

    // Each field of a span with a type that it does not have; 1 and 11 of eight bytes have a case of their own.
    private static readonly byte[] WrongTypes = Join(
        Varint(1, 5), Varint(2, 5), Fixed64(3, 5), Varint(4, 5), Varint(5, 5), Bytes(6, [1]), Varint(7, 5), Bytes(8, [1]), Varint(9, 5), Varint(11, 5), Fixed64(13, 5), Varint(15, 2));

    internal static readonly Case[] Cases =
    [
        new Case(1, "A varint that breaks off after the last span costs no span", [.. GoodRecord, 0x80]).Salvaged("truncated"),
        new Case(1, "A varint that breaks off in a span costs that span", Beside(Broken([0x30, 0x80]))).Salvaged("truncated", invalid: 1),
        new Case(2, "A varint of more than 64 bits costs its span", Beside(Broken([0x30, .. Overflowing]))).Salvaged("malformed", invalid: 1),
        new Case(2, "A varint of more than 64 bits after the last span costs no span", [.. GoodRecord, .. Overflowing]).Salvaged("malformed"),
        new Case(3, "A varint of eleven bytes costs its span", Beside(Broken([0x30, .. ElevenBytes]))).Salvaged("malformed", invalid: 1),
        new Case(3, "A record that begins with a varint of eleven bytes is none", ElevenBytes).Rejected("not_otlp"),
        new Case(4, "A varint longer than it need be is read", Beside(Gate([0x30, 0x83, 0x80, 0x80, 0x80, 0x00])))
            .Decision(("tool", Tool)).Shows(Row.Spans, 1, ("tool", Tool), ("span_kind", "SPAN_KIND_CLIENT")),
        new Case(4, "A length longer than it need be is read", Beside(Span("policy_gate.evaluate", Attribute("kitelogik.policy.deny", true), LongLength())))
            .Decision(("tool", Tool), ("deny", "true")),
        new Case(5, "A negative length costs its span", Beside(Broken([0x4A, .. Minus1]))).Salvaged("truncated", invalid: 1),
        new Case(5, "A negative length after the last span costs no span", [.. GoodRecord, 0x12, .. Minus1]).Salvaged("truncated"),
        new Case(5, "A container of negative length shows the spans in it", [0x0A, .. Minus1, .. Body(GoodRecord)]).Salvaged("truncated"),
        new Case(6, "A record cut in its last span shows the spans before it", GoodRecord[..^5]).Salvaged("truncated", allows: 0),
        new Case(6, "A length beyond its span costs that span", Beside(Broken([0x4A, 0x7F, 1, 2, 3]))).Salvaged("truncated", invalid: 1),
        new Case(7, "A length of two GiB with ten bytes left takes no memory", [.. GoodRecord, 0x12, .. TwoGiB, .. new byte[10]]).Salvaged("truncated").Costs(100_000),
        new Case(7, "A record that is a length of two GiB takes no memory", [0x0A, .. TwoGiB, .. new byte[10]]).Rejected("malformed").Costs(100_000),
        new Case(8, "A tag of zero costs its span", Beside(Broken([0x00, 0x01]))).Salvaged("malformed", invalid: 1),
        new Case(8, "A field of number zero costs its span", Beside(Broken([0x02, 0x01, 0x01]))).Salvaged("malformed", invalid: 1),
        new Case(8, "Zeros after the last span cost no span", [.. GoodRecord, .. new byte[64]]).Salvaged("malformed"),
        new Case(9, "A field number above the largest costs its span", Beside(Broken([0x80, 0x80, 0x80, 0x80, 0x10, 0x01]))).Salvaged("malformed", invalid: 1),
        new Case(9, "The largest field number is passed over", Beside(Gate([0xF8, 0xFF, 0xFF, 0xFF, 0x0F, 0x01]))).Decision(("tool", Tool)),
        new Case(10, "Wire type 6 costs its span", Beside(Broken([0x36, 0x01]))).Salvaged("malformed", invalid: 1),
        new Case(10, "Wire type 7 costs its span", Beside(Broken([0x37, 0x01]))).Salvaged("malformed", invalid: 1),
        new Case(11, "Known fields of another wire type are passed over", Join(Varint(1, 1), Beside(Gate(WrongTypes)))).Decision(("tool", Tool), ("deny", "true")),
        new Case(11, "A span is one in spite of a first field of eight bytes", Beside(Gate([.. Times(1, 2), Fixed64(1, 99), Fixed64(11, 99)]))).Decision(("tool", Tool), ("deny", "true")),
        new Case(12, "Groups a hundred deep are passed over", Beside(Gate(Groups(100)))).Decision(("tool", Tool)),
        new Case(12, "Groups a hundred and one deep cost their span", Beside(Broken(Groups(101)))).Salvaged("malformed", invalid: 1),
        new Case(13, "The end of a group that was not opened costs its span", Beside(Broken(GroupEnd))).Salvaged("malformed", invalid: 1),
        new Case(13, "The end of another group costs its span", Beside(Broken([.. Group, 0x0C]))).Salvaged("malformed", invalid: 1),
        new Case(14, "Groups ten thousand deep cost their span and no stack", Beside(Broken(Groups(10_000)))).Salvaged("malformed", invalid: 1),
        new Case(14, "Groups ten thousand deep after the last span cost no span", [.. GoodRecord, .. Groups(10_000)]).Salvaged("malformed"),
        new Case(15, "Fields that nobody knows are passed over at every level", UnknownEverywhere()).Decision(("tool", Tool), ("deny", "true"), ("service_name", "desk")),
        new Case(16, "The last of a repeated name or kind counts", Beside(Gate(Varint(6, 1), Text(5, "policy_gate.evaluate_event"), Varint(6, 3))))
            .Decision(("tool", Tool)).Shows(Row.Spans, 1, ("span_name", "policy_gate.evaluate_event"), ("span_kind", "SPAN_KIND_CLIENT")),
        new Case(17, "Two statuses are merged", Beside(Undecided(Bytes(15, Text(2, "OPA unreachable")), Bytes(15, Varint(3, 2)))))
            .Decision(("tool", Tool), ("outcome", "deny"), ("reason", "engine_unavailable")).Shows(Row.Spans, 1, ("tool", Tool), ("status_code", "STATUS_CODE_ERROR")),
        new Case(17, "Two resources are merged", ResourceSpans(Service("desk"), Resource(), ScopeSpans(Scope(Odd.Scope), GoodDeny, GoodAllow), Resource(ResourceAttribute("k", "v")))),
        new Case(17, "Two scopes are merged", ResourceSpans(Service("desk"), ScopeSpans(Scope(Odd.Scope), Bytes(1, Text(2, "0.4.0")), GoodDeny, GoodAllow))),
        new Case(17, "Two values of one attribute are merged", Beside(Gate(Bytes(9, Text(1, "kitelogik.policy.risk_tier"), Bytes(2, Text(1, "DESTRUCTIVE")), Bytes(2)))))
            .Decision(("tool", Tool), ("risk_tier", "DESTRUCTIVE")),
        new Case(17, "An empty second value hides no deny", Beside(Undecided(Bytes(9, Text(1, "kitelogik.policy.deny"), Bytes(2, Varint(2, 1)), Bytes(2)))))
            .Decision(("tool", Tool), ("outcome", "deny")),
        new Case(18, "The last arm of a value counts", Beside(Undecided(Value("kitelogik.policy.deny", Text(1, "false"), Varint(2, 1))))).Decision(("tool", Tool), ("outcome", "deny")),
        new Case(19, "Repeated numbers are passed over, packed or not", Beside(Gate(Bytes(900, [1, 2, 3]), Varint(900, 1), Varint(900, 2)))).Decision(("tool", Tool)),
        new Case(20, "Messages without a byte are fine", Join(ResourceSpans(), ResourceSpans(Resource(), ScopeSpans()), Beside(Bytes(2), Gate(Bytes(9), Bytes(15)))))
            .Span(("span_name", "unknown"), ("service_name", "desk")).Decision(("tool", Tool)),
        new Case(21, "Garbage after a whole message costs no span", [.. GoodRecord, 0x07, .. "and so on"u8]).Salvaged("malformed"),
        new Case(22, "A value ten thousand deep that nobody asks for is passed over", Beside(Gate(Value("gen_ai.prompt", Nested(10_000))))).Decision(("tool", Tool)),
        new Case(23, "A value ten thousand deep is told as what it is outside", Beside(Decided(Value("kitelogik.tool_name", Nested(10_000))))).Decision(("tool", "_array_"), ("deny", "true")),
        new Case(23, "A decision ten thousand deep is none and hides no other", Beside(Gate(Value("kitelogik.policy.allow", Nested(10_000))))).Decision(("tool", Tool), ("deny", "true")),
        new Case(24, "An array as a name is told as one", Beside(Decided(Value("kitelogik.tool_name", Bytes(5, Bytes(1, Text(1, "a"))))))).Decision(("tool", "_array_")),
        new Case(24, "A map as a name is told as one", Beside(Decided(Value("kitelogik.tool_name", Bytes(6, Bytes(1, Text(1, "k"))))))).Decision(("tool", "_map_")),
        new Case(24, "Bytes as a name are told as such", Beside(Decided(Value("kitelogik.tool_name", Bytes(7, [1, 2]))))).Decision(("tool", "_bytes_")),
        new Case(24, "A value that has no arm is a missing one", Beside(Decided(Value("kitelogik.tool_name")))).Decision(("tool", "unknown")),
        new Case(25, "An index into the strings of a profile is a missing name", Beside(Decided(Value("kitelogik.tool_name", Varint(8, 5))))).Decision(("tool", "unknown")),
        new Case(25, "An index into the strings of a profile is a missing key", Beside(Gate(Bytes(9, Varint(3, 5), Bytes(2, Text(1, "x")))))).Decision(("tool", Tool)),
        new Case(26, "A MiB of zeros is no record", new byte[MiB]).Rejected("not_otlp").Costs(100_000),
        new Case(26, "Noise is no record", Noise()).Rejected("not_otlp"),
        new Case(26, "A picture is no record", [0x89, .. "PNG\r\n\u001a\n\0\0\0\rIHDR"u8]).Rejected("not_otlp"),
        new Case(26, "JSON among protobuf is no record", Encoding.UTF8.GetBytes("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"a"}]}]}]}""")).Rejected("not_otlp"),
        new Case(26, "A compressed file is no record", [0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3]).Rejected("not_otlp"),
        new Case(69, "Log records are another signal", Record("desk", "s", Bytes(2, Fixed64(1, 99), Varint(2, 9), Bytes(5, Text(1, "said")), Fixed64(11, 99)))).Rejected("wrong_signal", invalid: 1),
        // message Metric { string name = 1; string description = 2; string unit = 3; Gauge gauge = 5; Sum sum = 7; … Histogram histogram = 9; }
        new Case(69, "A gauge is another signal", Record("desk", "s", Bytes(2, Text(1, "depth"), Text(3, "1"), Bytes(5, Bytes(1, Fixed64(3, 5)))))).Rejected("wrong_signal", invalid: 1),
        new Case(69, "A sum is another signal", Record("desk", "s", Bytes(2, Text(1, "calls"), Bytes(7, Bytes(1, Fixed64(3, 5)), Varint(2, 2))))).Rejected("wrong_signal", invalid: 1),
        new Case(69, "A histogram is another signal", Record("desk", "s", Bytes(2, Text(1, "seconds"), Bytes(9, Bytes(1, Fixed64(3, 99), Fixed64(4, 5)), Varint(2, 2))))).Rejected("wrong_signal", invalid: 1),
    ];

    public static IEnumerable<TheoryDataRow<string, Position>> Rows => Batch.RowsOf(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public void Odd_bytes_cost_what_is_odd_and_nothing_beside_it(string name, Position position) => Batch.Check(Cases, name, position);

    // What is broken comes last: a deny that was read before it is of a span that cannot be trusted.
    private static byte[] Broken(byte[] last) => Gate(last);

    private static byte[] Groups(int depth) => [.. Enumerable.Range(0, depth).SelectMany(_ => Group), .. Enumerable.Range(0, depth).SelectMany(_ => GroupEnd)];

    // The inside of a record's one ResourceSpans; its length takes two bytes.
    private static byte[] Body(byte[] record) => record[3..];

    // A KeyValue whose own length has four bytes.
    private static byte[] LongLength()
    {
        byte[] attribute = Join(Text(1, "kitelogik.tool_name"), Bytes(2, Text(1, Tool)));
        return [0x4A, (byte)(attribute.Length | 0x80), 0x80, 0x80, 0x00, .. attribute];
    }

    private static byte[] UnknownEverywhere()
    {
        byte[] attribute = Bytes(9, Unknown, Text(1, "kitelogik.tool_name"), Unknown, Bytes(2, Unknown, Text(1, Tool), Unknown));
        byte[] span = Decided(Unknown, attribute, Unknown, Bytes(15, Unknown, Varint(3, 2)));
        byte[] scope = Bytes(1, Unknown, Text(1, Odd.Scope), Unknown);
        return Join(Unknown, ResourceSpans(Unknown, Bytes(1, Unknown, ResourceAttribute("service.name", "desk")), ScopeSpans(Unknown, scope, GoodDeny, span, Unknown, GoodAllow), Unknown));
    }

    // The first byte is one that no record begins with.
    private static byte[] Noise()
    {
        byte[] noise = new byte[4096];
        new Random(1).NextBytes(noise);
        noise[0] = 0x0F;
        return noise;
    }
}
