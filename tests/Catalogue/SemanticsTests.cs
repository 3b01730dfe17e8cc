using System.Text;
using SpanMetrics.Otlp;
using SpanMetrics.Tests.Support;
using static SpanMetrics.Tests.Catalogue.Odd;
using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Catalogue;

/// <summary>Sound protobuf that says what OTLP does not mean.</summary>
public sealed class SemanticsTests
{
    private const int MiB = 1 << 20;
    private const int TinySpans = 200_000;
    private const int ManyParts = 100_000;
    private const string Duration = "agent_decision_duration_seconds";

    private const string LoneSurrogate = """
        {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"desk"}}]},"scopeSpans":[{"scope":{"name":"kitelogik.tether"},
          "spans":[{"name":"policy_gate.evaluate","attributes":[{"key":"kitelogik.tool_name","value":{"stringValue":"a\ud800b"}},{"key":"kitelogik.policy.deny","value":{"boolValue":true}}]}]}]}]}
        """;

    // 2262 and later: nanoseconds that do not fit a signed number.
    private const ulong FarFuture = (1ul << 63) + 5;

    private static readonly Case SpanOfTheFarFuture = new Case(34, "A span of the far future has its own duration", Beside(Gate(Fixed64(7, FarFuture), Fixed64(8, FarFuture + 1_000_000_000))))
        .Decision(("tool", Tool)).Shows($"{Duration}_sum", 1, ("tool", Tool));

    internal static readonly Case[] Cases =
    [
        new Case(27, "A span without ids counts", Beside(Gate())).Decision(("tool", Tool), ("deny", "true")),
        new Case(27, "A span whose ids are zero counts", Beside(Gate(Bytes(1, new byte[16]), Bytes(2, new byte[8])))).Decision(("tool", Tool), ("deny", "true")),
        new Case(27, "A span whose ids have another length counts", Beside(Gate(Bytes(1, new byte[15]), Bytes(2, new byte[32])))).Decision(("tool", Tool), ("deny", "true")),
        new Case(28, "A second answer takes no deny back", Beside(Gate(Attribute("kitelogik.policy.deny", false)))).Decision(("tool", Tool), ("outcome", "deny")),
        new Case(28, "A second answer may be the deny", Beside(Undecided(Attribute("kitelogik.policy.deny", false), Attribute("kitelogik.policy.deny", true)))).Decision(("tool", Tool), ("outcome", "deny")),
        new Case(28, "A second answer that says nothing takes no deny back", Beside(Gate(Attribute("kitelogik.policy.deny", "perhaps")))).Decision(("tool", Tool), ("outcome", "deny")),
        new Case(28, "Neither of two allows stands when one is false", Beside(Undecided(Attribute("kitelogik.policy.allow", false), Attribute("kitelogik.policy.allow", true))))
            .Decision(("tool", Tool), ("outcome", "deny")),
        new Case(28, "A second answer takes no hold back", Beside(Undecided(Attribute("kitelogik.policy.requires_hitl", true), Attribute("kitelogik.policy.requires_hitl", false), Attribute("kitelogik.policy.allow", true))))
            .Decision(("tool", Tool), ("outcome", "hitl")),
        new Case(28, "The worst of two tiers counts", Beside(Gate(Attribute("kitelogik.policy.risk_tier", "DESTRUCTIVE"), Attribute("kitelogik.policy.risk_tier", "INFORMATIONAL"))))
            .Decision(("tool", Tool), ("risk_tier", "DESTRUCTIVE")),
        new Case(28, "The last of two names counts", Beside(Gate(Attribute("kitelogik.tool_name", "second")))).Decision(("tool", "second")),
        new Case(29, "A deny in capitals and blanks is one", Beside(Undecided(Attribute("kitelogik.policy.deny", " TRUE ")))).Decision(("tool", Tool), ("outcome", "deny")),
        new Case(29, "A deny that is the number 1 is one", Beside(Undecided(Attribute("kitelogik.policy.deny", 1)))).Decision(("tool", Tool), ("outcome", "deny")),
        new Case(29, "An answer that nobody knows is a decision without outcome", Beside(Undecided(Attribute("kitelogik.policy.deny", "perhaps")))).Decision(("tool", Tool), ("outcome", "none")),
        new Case(29, "A tier in other letters is that tier", Beside(Gate(Attribute("kitelogik.policy.risk_tier", " destructive ")))).Decision(("tool", Tool), ("risk_tier", "DESTRUCTIVE")),
        new Case(29, "A tier that nobody knows is none", Beside(Gate(Attribute("kitelogik.policy.risk_tier", "CATASTROPHIC")))).Decision(("tool", Tool), ("risk_tier", "none")),
        new Case(30, "A span without a resource is of the unknown service", Join(GoodRecord, ResourceSpans(ScopeSpans(Scope(Odd.Scope), Gate()))))
            .Decision(("tool", Tool), ("service_name", "unknown"), ("agent", "unknown")),
        new Case(30, "A span without a scope is of another source", Join(GoodRecord, ResourceSpans(Service("desk"), ScopeSpans(Gate())))).Decision(("tool", Tool), ("source", "other")),
        new Case(30, "A span without attributes counts", Beside(Span("policy_gate.evaluate"))).Decision(("tool", "unknown"), ("outcome", "none"), ("risk_tier", "none")),
        new Case(31, "A record without spans is fine", ResourceSpans(Service("desk"))).Alone(),
        new Case(31, "A record of scopes without spans is fine", ResourceSpans(Service("desk"), ScopeSpans(Scope(Odd.Scope)), ScopeSpans())).Alone(),
        new Case(32, "A span that ends before it starts took no time", Beside(Gate(Times(2, 1))))
            .Decision(("tool", Tool)).Shows($"{Duration}_count", 1, ("tool", Tool)).Shows($"{Duration}_sum", 0, ("tool", Tool)).Shows($"{Duration}_bucket", 1, ("tool", Tool), ("le", "0.0001")),
        new Case(33, "A span without times is counted and not timed", Beside(Gate(Fixed64(7, 0), Fixed64(8, 0)))).Decision(("tool", Tool)).Shows($"{Duration}_count", 0, ("tool", Tool)),
        new Case(33, "A span without an end is counted and not timed", Beside(Gate(Times(1, 1)[0]))).Decision(("tool", Tool)).Shows($"{Duration}_count", 0, ("tool", Tool)),
        new Case(34, "A span of 1970 has its own duration", Beside(Gate(Fixed64(7, 1), Fixed64(8, 1_000_000_001)))).Decision(("tool", Tool)).Shows($"{Duration}_sum", 1, ("tool", Tool)),
        SpanOfTheFarFuture,
        new Case(35, "The longest duration there is lies in the last bucket", Beside(Gate(Fixed64(7, 1), Fixed64(8, ulong.MaxValue))))
            .Decision(("tool", Tool)).Shows($"{Duration}_bucket", 0, ("tool", Tool), ("le", "10")).Shows($"{Duration}_bucket", 1, ("tool", Tool), ("le", "+Inf"))
            .Shows($"{Duration}_sum", long.MaxValue / 1e9, ("tool", Tool)),
        new Case(36, "Usage that is no number spoils no sum", Beside([.. Doubles().Select(value => Chat(Fixed64(4, value)))])).Spans(4, ("span_name", "gen_ai.chat")),
        new Case(36, "A name that is no number is told", Beside([.. Doubles().Select(value => Decided(Value("kitelogik.tool_name", Fixed64(4, value))))]))
            .Decision(("tool", "NaN")).Decision(("tool", "Infinity")).Decision(("tool", "-Infinity")).Decision(("tool", "5E-324")),
        new Case(37, "Usage below zero lowers nothing", Beside(Chat(Varint(3, unchecked((ulong)-5))), Chat(Varint(3, 1ul << 63)))).Spans(2, ("span_name", "gen_ai.chat")),
        new Case(38, "A record of 200,000 spans is counted whole", Beside(Many(TinySpans, Span("a")), Gate()))
            .Spans(TinySpans, ("span_name", "a")).Decision(("tool", Tool)).Costs(32 * MiB),
        new Case(39, "An attribute of 4 MiB is passed over", Beside(Gate(Value("gen_ai.prompt", Bytes(1, new byte[4 * MiB])), Attribute("agent.name", "last")))).Decision(("agent", "last")),
        new Case(39, "A name of 4 MiB is cut", Beside(GateOf(new string('x', 4 * MiB)))).Decision(("tool", new string('x', 128))),
        new Case(39, "100,000 attributes hide no deny after them", Beside(Undecided(Many(ManyParts, Attribute("other", "x")), Attribute("kitelogik.policy.deny", true)))).Decision(("tool", Tool), ("outcome", "deny")),
        new Case(39, "100,000 events and links hide no deny after them", Beside(Undecided(Many(ManyParts, Bytes(11, Text(2, "e")), Bytes(13, Bytes(1, [7]))), Attribute("kitelogik.policy.deny", true))))
            .Decision(("tool", Tool), ("outcome", "deny")),
        new Case(40, "A kind or status that nobody knows is unspecified", Beside(Gate(Varint(6, 99), Status(99, ""))))
            .Decision(("tool", Tool)).Shows(Row.Spans, 1, ("tool", Tool), ("span_kind", "SPAN_KIND_UNSPECIFIED"), ("status_code", "STATUS_CODE_UNSET")),
        new Case(41, "A name that is not UTF-8 has the replacement character", Beside(GateOf([(byte)'a', 0xC3, (byte)'(', (byte)'b']))).Decision(("tool", "a\uFFFD(b")),
        new Case(41, "Text that is not UTF-8 and that nobody asks for is passed over", Beside(Gate(Value("gen_ai.prompt", Bytes(1, [0xFF, 0xC3])), Bytes(3, [0xFF])))).Decision(("tool", Tool)),
        new Case(42, "A lone surrogate of JSON is the replacement character", Join(GoodRecord, Transcoded(LoneSurrogate))).Decision(("tool", "a\uFFFDb"), ("deny", "true")),
        new Case(42, "A lone surrogate in UTF-8 is replaced byte by byte", Beside(GateOf([(byte)'a', 0xED, 0xA0, 0x80]))).Decision(("tool", "a\uFFFD\uFFFD\uFFFD")),
        new Case(43, "Schemas and counts of what was dropped are passed over", DroppedAndSchema()).Decision(("tool", Tool)),
    ];

    public static IEnumerable<TheoryDataRow<string, Position>> Rows => Batch.RowsOf(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public void An_odd_span_counts_as_what_can_be_told_of_it(string name, Position position) => Batch.Check(Cases, name, position);

    [Theory]
    [Trait("Catalogue", "34")]
    [InlineData(Position.First)]
    [InlineData(Position.Middle)]
    [InlineData(Position.Last)]
    public void A_span_of_the_far_future_is_not_the_latest_for_ever(Position position)
    {
        MetricsPage page = Batch.Check([SpanOfTheFarFuture], SpanOfTheFarFuture.ToString(), position);

        Assert.True(page.Sum("spanmetrics_last_span_timestamp_seconds") <= DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeSeconds());
    }

    private static byte[] Chat(byte[] usage) => Span("gen_ai.chat", Value("gen_ai.usage.input_tokens", usage), Value("gen_ai.usage.cost", usage));

    private static IEnumerable<ulong> Doubles() =>
        new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon }.Select(BitConverter.DoubleToUInt64Bits);

    private static byte[] DroppedAndSchema()
    {
        byte[] schema = Bytes(3, Encoding.UTF8.GetBytes(new string('s', MiB)));
        byte[] span = Gate(Varint(10, uint.MaxValue), Varint(12, ulong.MaxValue), Varint(14, ulong.MaxValue));
        return ResourceSpans(
            Bytes(1, ResourceAttribute("service.name", "desk"), Varint(2, ulong.MaxValue)),
            ScopeSpans(Scope(Odd.Scope), GoodDeny, span, GoodAllow, schema),
            schema);
    }
}
