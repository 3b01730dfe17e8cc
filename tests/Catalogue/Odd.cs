using SpanMetrics.Otlp;
using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Catalogue;

/// <summary>What odd records are made of, and the good spans beside them.</summary>
internal static class Odd
{
    public const string Scope = "kitelogik.tether";
    public const string Tool = "odd";
    public const string GoodDenyTool = "refund";
    public const string GoodAllowTool = "lookup";

    public static readonly byte[] GoodDeny = Span(
        "policy_gate.evaluate",
        [.. Ids(), .. Times(1, 2), Attribute("kitelogik.tool_name", GoodDenyTool), .. Answer(allow: false), Attribute("kitelogik.policy.risk_tier", "DESTRUCTIVE")]);

    public static readonly byte[] GoodAllow = Span(
        "policy_gate.evaluate",
        [.. Ids(), .. Times(1, 2), Attribute("kitelogik.tool_name", GoodAllowTool), .. Answer(allow: true), Attribute("kitelogik.policy.risk_tier", "INFORMATIONAL")]);

    public static readonly byte[] GoodRecord = Beside();

    /// <summary>Spans, whole or not, between a good deny and a good allow.</summary>
    public static byte[] Beside(params byte[][] spans) => Record("desk", Scope, [GoodDeny, .. spans, GoodAllow]);

    /// <summary>A gate that denies the tool <see cref="Tool"/>.</summary>
    public static byte[] Gate(params byte[][] fields) => GateOf(Tool, fields);

    public static byte[] GateOf(string tool, params byte[][] fields) => Decided([Attribute("kitelogik.tool_name", tool), .. fields]);

    public static byte[] GateOf(byte[] tool) => Decided(Value("kitelogik.tool_name", Bytes(1, tool)));

    /// <summary>A gate that denies, and nothing more.</summary>
    public static byte[] Decided(params byte[][] fields) => Span("policy_gate.evaluate", [Attribute("kitelogik.policy.deny", true), .. fields]);

    /// <summary>A gate that says nothing yet.</summary>
    public static byte[] Undecided(params byte[][] fields) => Span("policy_gate.evaluate", [Attribute("kitelogik.tool_name", Tool), .. fields]);

    /// <summary>Of a span, in seconds after some morning.</summary>
    public static byte[][] Times(int start, int end) => [Fixed64(7, Nanos(start)), Fixed64(8, Nanos(end))];

    public static byte[][] Ids() => [Bytes(1, [.. Enumerable.Repeat((byte)7, 16)]), Bytes(2, [.. Enumerable.Repeat((byte)7, 8)])];

    public static byte[] Many(int count, params byte[][] parts)
    {
        byte[] once = Join(parts);
        return Written(to =>
        {
            for (int i = 0; i < count; i++)
            {
                to.Raw(once);
            }
        });
    }

    // message AnyValue { ArrayValue array_value = 5; }   message ArrayValue { repeated AnyValue values = 1; }
    /// <summary>The body of an AnyValue: arrays in arrays.</summary>
    public static byte[] Nested(int depth)
    {
        // From the inside out: each length must be known before its tag is written.
        var backwards = new List<byte>();
        for (int i = 0; i < 2 * depth; i++)
        {
            byte[] head = Written(to => to.Varint((ulong)backwards.Count));
            backwards.AddRange(head.Reverse());
            backwards.Add((byte)((i % 2 == 0 ? 1 : 5) << 3 | (int)WireType.Bytes));
        }

        backwards.Reverse();
        return [.. backwards];
    }

    public static byte[] Transcoded(string json)
    {
        var to = new WireWriter();
        Assert.True(OtlpJson.TryTranscodeTraces(System.Text.Encoding.UTF8.GetBytes(json), to));
        return to.Written.ToArray();
    }

    private static byte[][] Answer(bool allow) => [Attribute("kitelogik.policy.allow", allow), Attribute("kitelogik.policy.deny", !allow)];

    private static ulong Nanos(int seconds) => (1_767_250_800ul + (ulong)seconds) * 1_000_000_000;
}
