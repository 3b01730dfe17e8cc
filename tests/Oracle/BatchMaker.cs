using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using SpanMetrics.Otlp;

namespace SpanMetrics.Oracle;

/// <summary>Makes batches in every shape that the wire allows: right by the rules of protobuf, and like nothing an SDK would send.</summary>
internal sealed class BatchMaker(Signal signal, Random random, int size)
{
    /// <summary>One word in so many is another emitter's.</summary>
    private const int Foreign = 12;

    private static readonly string[] Texts =
    [
        "", " ", "a", "_", "refund", "search_web", " Refund ", "\"quoted\"", "' a '", "\"", "__overflow__", "_overflow_", "__x", "models/", "models/gpt-5", "gpt-5",
        "true", "TRUE", " False ", "0", "1", "deny", "tool_call", "agent.spawn", "operational", "DESTRUCTIVE", "SECURITY_CRITICAL ", "unknown", "none",
        "desk", "shop", "back\\slash", "two\nlines", "a\u200bb", "\u061c", "\ufeffx", "\u2066", "\u202e", "\u2028", "Ünïcode", "\U0001F600", "\u0007", "\u007f", "é",
    ];

    private static readonly string[] OtherKeys = ["", "gen_ai.prompt", "service.nam", "service.names", "kitelogik.policy.denY", "k"];
    private static readonly string[] Services = ["desk", "desk", "desk", "desk", "desk", "desk", "shop", "kagent", "", "\"quoted\""];
    private static readonly string[] Messages =
    [
        "OPA unreachable: x", "Invalid session token", "Invalid session token.", "", "boom", "rate limit failed", "mcp: Unknown tool: x", "ApprovalRequired: ",
        "error tool \"refund\" call is rejected",
    ];

    private static readonly string[] TraceStates = ["", "ot=th:8", "a=b, ot=rv:12;th:fd70a", "ot=th:0", "ot=th:", "ot=th:g", "ot=th:ffffffffffffff", "OT=th:8", "ot=p:8,ot=th:C"];
    private static readonly int[] MetricKinds = [5, 7, 9, 10, 11];
    private static readonly int[] UnknownNumbers = [17, 18, 99, 1000, 18999, 20000, (1 << 29) - 1];
    private static readonly ulong[] Numbers = [0, 1, 2, 3, 5, 6, 24, 25, 127, 128, 1 << 14, uint.MaxValue, 1UL << 32, (1UL << 32) + 2, (1UL << 63) - 1, 1UL << 63, ulong.MaxValue];

    // In nanoseconds: around the bounds of buckets, and far away.
    private static readonly ulong[] Durations =
        [0, 1, 99_999, 100_000, 100_001, 2_000_000, 2_000_001, 4_000_000, 1_400_000_000, 9_999_999_999, 10_000_000_000, 15_000_000_001, 1UL << 62];

    // Of one batch: a parent's id is always higher than its children's, or always lower, so that none is inside itself.
    private readonly bool _childrenFirst = random.Next(2) == 0;
    private EmitterWords _words = Vocabulary.Emitters[0];
    private int _spans;
    private List<WireNode> _said = [];

    public static List<WireNode> Make(Signal signal, int seed, int size) => new BatchMaker(signal, new Random(seed), size).Make();

    public List<WireNode> Make() => Fields(Many(Chance(8) ? 0 : 1, 3, ResourceItems));

    private WireNode ResourceItems() =>
        WireNode.Message(1, Fields([.. Usually(Resource), .. Many(Chance(8) ? 0 : 1, 3, ScopeItems), .. Maybe(() => Text(3))]));

    private WireNode Resource() => WireNode.Message(1, Fields(
    [
        .. Chance(3) ? Many(0, 3, () => Attribute(1, "service.name")) : [Attribute(1, "service.name", Pick(Services))],
        .. Chance(8) ? [Attribute(1, "kaos.resource.name", Pick(Services))] : Array.Empty<WireNode>(),
        .. Maybe(() => Number(2)),
    ]));

    private WireNode ScopeItems()
    {
        _words = Pick(Vocabulary.Emitters);
        Func<WireNode> item = Chance(10) ? OtherSignal : Chance(10) ? Hybrid : signal == Signal.Traces ? Span : LogRecord;
        return WireNode.Message(2, Fields([.. Usually(Scope), .. Many(Chance(8) ? 0 : 1, 4, item), .. Maybe(() => Text(3))]));
    }

    private WireNode Scope() =>
        WireNode.Message(1, Fields([.. Usually(() => WireNode.Text(1, Of(Words().Scopes))), .. Maybe(() => Text(2)), .. Maybe(() => Attribute(3, "k"))]));

    private WireNode Span()
    {
        ulong start = Chance(8) ? Pick(Numbers) : 1_800_000_000_000_000_000 + (ulong)(random.Next(4) * 1_000_000);
        ulong end = Chance(8) ? Pick(Numbers) : unchecked(start + Pick(Durations));
        int id = ++_spans;
        bool isAgain = Chance(2); // one call often shows as several spans, inside each other
        _said = isAgain ? [.. _said.Select(node => node.Clone()), .. Chance(2) ? Attributes(9) : []]
            : [.. Usually(() => WireNode.Text(5, Of(Words().Names))), .. Attributes(9)];
        int parent = id + ((isAgain && !Chance(4) ? 1 : random.Next(1, 4)) * (_childrenFirst ? 1 : -1));
        return WireNode.Message(2, Fields(
        [
            .. Chance(12) ? Maybe(() => WireNode.Text(1, Bytes(random.Next(17)))) : [WireNode.Text(1, Id(16, Chance(6) ? 2 : 1))],
            .. Chance(12) ? Maybe(() => WireNode.Text(2, Bytes(random.Next(9)))) : [WireNode.Text(2, Id(8, id))],
            .. Chance(3) ? Maybe(() => WireNode.Text(3, Of(TraceStates))) : [],
            .. Chance(6) ? Maybe(() => WireNode.Text(4, new byte[8])) : [WireNode.Text(4, Id(8, parent))],
            .. _said,
            .. Many(0, 2, () => Number(6)),
            .. Usually(() => WireNode.Fixed64(7, start)),
            .. Usually(() => WireNode.Fixed64(8, end)),
            .. Many(0, 2, () => WireNode.Message(11, Fields([WireNode.Fixed64(1, start), .. Maybe(() => Attribute(3, "k"))]))),
            .. Many(0, 2, () => WireNode.Message(13, Fields([WireNode.Text(1, Bytes(16)), .. Maybe(() => Attribute(4, "k"))]))),
            .. Many(0, 2, Status),
            .. Maybe(() => WireNode.Fixed32(16, (uint)Pick(Numbers))),
            .. Chance(60) ? [WireNode.Fixed64(Chance(2) ? 1 : 11, 7)] : Array.Empty<WireNode>(),
        ]));
    }

    private WireNode LogRecord()
    {
        return WireNode.Message(2, Fields(
        [
            .. Maybe(() => WireNode.Fixed64(1, Chance(8) ? Pick(Numbers) : 7)),
            .. Many(0, 2, () => Number(2)),
            .. Maybe(() => Text(3)),
            .. Many(0, 2, () => AnyValue(5, 3)),
            .. Attributes(6),
            .. Chance(4) ? [Attribute(6, "event.name", Pick(Vocabulary.EventNames))] : Array.Empty<WireNode>(),
            .. Maybe(() => WireNode.Fixed32(8, (uint)Pick(Numbers))),
            .. Maybe(() => WireNode.Text(9, Bytes(16))),
            .. Maybe(() => WireNode.Text(10, Bytes(8))),
            .. Maybe(() => WireNode.Fixed64(11, Chance(8) ? Pick(Numbers) : 7)),
            .. Many(0, 2, () => WireNode.Text(12, Of(Vocabulary.EventNames))),
            .. Chance(60) ? [WireNode.Fixed64(Chance(2) ? 7 : 8, 7)] : Array.Empty<WireNode>(),
        ]));
    }

    /// <summary>What stands in the place of a span or a log record in a batch of another signal.</summary>
    private WireNode OtherSignal() => Chance(2) ? Metric() : WireNode.Message(2, Fields(signal == Signal.Traces
        ? [.. Maybe(() => WireNode.Fixed64(1, 7)), Number(2), AnyValue(5, 1), .. Maybe(() => Attribute(6, "k")), WireNode.Fixed64(11, 7)]
        : [.. Maybe(() => WireNode.Text(1, Bytes(16))), .. Maybe(() => Number(6)), WireNode.Fixed64(7, 7), .. Maybe(() => Attribute(9, "k"))]));

    /// <summary>With a number of its own, which no metric has, it is none.</summary>
    private WireNode Metric() => WireNode.Message(2, Fields(
    [
        Text(1),
        Text(2),
        WireNode.Message(Pick(MetricKinds), WireNode.Message(1, WireNode.Fixed64(3, 7), WireNode.Fixed64(4, 1))),
        .. Maybe(() => WireNode.Varint(random.Next(1, 14), 1)),
    ]));

    /// <summary>A few fields that no writer puts together: which signal they are of is a guess. Without bytes, every message is right.</summary>
    private WireNode Hybrid() => WireNode.Message(2, Fields(Many(1, 4, () => random.Next(4) switch
    {
        0 => WireNode.Varint(random.Next(1, 14), 1),
        1 => WireNode.Fixed64(random.Next(1, 14), 1),
        2 => WireNode.Fixed32(random.Next(1, 14), 1),
        _ => WireNode.Text(random.Next(1, 14), []),
    })));

    private WireNode Status() => WireNode.Message(15, Fields([.. Maybe(() => WireNode.Text(2, Of(Messages))), .. Many(0, 2, () => Number(3))]));

    private List<WireNode> Attributes(int number)
    {
        string[] keys = Chance(3) ? [Pick(AskedKeys.All)] : AskedKeys.All; // the same again and again, now and then
        EmitterWords words = Words();
        return Chance(6) ? Many(0, 6, () => Attribute(number, Pick(keys)))
            : [.. Chance(4) ? Array.Empty<WireNode>() : [Meaningful(words.Attributes[0])], .. Enumerable.Range(0, random.Next(7)).Select(_ => Meaningful(Pick(words.Attributes)))];

        WireNode Meaningful((string Key, string[] Values) attribute) => Attribute(number, attribute.Key, Pick(attribute.Values));
    }

    /// <summary>A value as emitters write it: a number or a yes or no as such, or as text.</summary>
    private WireNode Attribute(int number, string key, string value) => WireNode.Message(number, Fields(
    [
        WireNode.Text(1, Encoding.UTF8.GetBytes(key)),
        WireNode.Message(2, Chance(2) ? WireNode.Text(1, Encoding.UTF8.GetBytes(value))
            : bool.TryParse(value, out bool flag) ? WireNode.Varint(2, flag ? 1UL : 0)
            : long.TryParse(value, CultureInfo.InvariantCulture, out long whole) ? WireNode.Varint(3, (ulong)whole)
            : double.TryParse(value, CultureInfo.InvariantCulture, out double real) ? WireNode.Fixed64(4, BitConverter.DoubleToUInt64Bits(real))
            : WireNode.Text(1, Encoding.UTF8.GetBytes(value))),
    ], noise: 12));

    /// <summary>The words of the scope's emitter, now and then of another.</summary>
    private EmitterWords Words() => Chance(Foreign) ? Pick(Vocabulary.Emitters) : _words;

    private static byte[] Id(int length, int number)
    {
        byte[] id = new byte[length];
        BinaryPrimitives.WriteInt32BigEndian(id.AsSpan(length - sizeof(int)), number);
        return id;
    }

    private WireNode Attribute(int number, string key)
    {
        byte[] name = Chance(6) ? Of(OtherKeys) : Encoding.UTF8.GetBytes(key);
        return WireNode.Message(number, Fields(
            [.. Many(Chance(20) ? 0 : 1, 1, () => WireNode.Text(1, name)), .. Many(Chance(20) ? 0 : 1, Chance(8) ? 3 : 1, () => AnyValue(2, 3))], noise: 12));
    }

    private WireNode AnyValue(int number, int depth) => WireNode.Message(number, Fields(
        Chance(30) ? [.. Enumerable.Range(0, random.Next(15, 20)).Select(_ => Arm(0))] : Many(Chance(12) ? 0 : 1, Chance(8) ? 3 : 1, () => Arm(depth)),
        noise: 12));

    private WireNode Arm(int depth) => random.Next(depth > 0 ? 10 : 8) switch
    {
        <= 2 => Text(1),
        3 or 4 => WireNode.Varint(2, Chance(4) ? Pick(Numbers) : (ulong)random.Next(2)),
        5 => Number(3),
        6 => WireNode.Fixed64(4, Chance(2) ? Pick(Numbers) : BitConverter.DoubleToUInt64Bits(random.NextDouble())),
        7 => WireNode.Text(7, Bytes(random.Next(5))),
        8 => WireNode.Message(5, Many(0, 3, () => AnyValue(1, depth - 1))),
        _ => WireNode.Message(6, Many(0, 3, () => Attribute(1, "k"))),
    };

    /// <summary>The same fields in any order, and others between them, with numbers longer than they need to be.</summary>
    private List<WireNode> Fields(List<WireNode> fields, int noise = 4)
    {
        for (int i = Chance(noise) ? random.Next(1, 3) : 0; i > 0; i--)
        {
            fields.Insert(random.Next(fields.Count + 1), Unknown(2));
        }

        if (Chance(2))
        {
            random.Shuffle(CollectionsMarshal.AsSpan(fields));
        }

        foreach (WireNode field in fields)
        {
            field.TagPadding = Chance(30) ? random.Next(10) : 0;
            field.ValuePadding = Chance(30) ? random.Next(10) : 0;
        }

        return fields;
    }

    private WireNode Unknown(int depth)
    {
        int number = Chance(3) ? random.Next(1, 17) : Pick(UnknownNumbers); // a known number, of a type that it mostly does not have
        return random.Next(depth > 0 ? 6 : 4) switch
        {
            0 => WireNode.Varint(number, Pick(Numbers)),
            1 => WireNode.Fixed64(number >= 16 ? number : 100, Pick(Numbers)),
            2 => WireNode.Fixed32(number, (uint)Pick(Numbers)),
            3 => WireNode.Text(number >= 16 ? number : 100, Bytes(random.Next(6))),
            4 => WireNode.Message(100, Many(0, 4, () => Unknown(depth - 1))),
            _ => WireNode.Group(number, Many(0, 3, () => Unknown(depth - 1))),
        };
    }

    private WireNode Text(int number) => WireNode.Text(number, Chance(12) ? Bytes(random.Next(160)) : Of(Texts));

    private WireNode Number(int number) => WireNode.Varint(number, Chance(3) ? Pick(Numbers) : (ulong)random.Next(4));

    private List<WireNode> Many(int least, int most, Func<WireNode> make)
    {
        int count = random.Next(least, Math.Max(least, Math.Min(most, size)) + 1);
        var nodes = new List<WireNode>(count);
        for (int i = 0; i < count; i++)
        {
            nodes.Add(make());
        }

        return nodes;
    }

    /// <summary>One, now and then none or two.</summary>
    private List<WireNode> Usually(Func<WireNode> make) => Many(Chance(8) ? 0 : 1, Chance(8) ? 2 : 1, make);

    private List<WireNode> Maybe(Func<WireNode> make) => Many(0, 1, make);

    private byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private byte[] Of(string[] texts) => Encoding.UTF8.GetBytes(Pick(texts));

    private T Pick<T>(T[] values) => values[random.Next(values.Length)];

    /// <summary>True once in <paramref name="among"/> times.</summary>
    private bool Chance(int among) => random.Next(among) == 0;
}
