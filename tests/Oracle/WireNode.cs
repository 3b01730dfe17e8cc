using SpanMetrics.Otlp;

namespace SpanMetrics.Oracle;

/// <summary>
/// A field of a record that can be written in any shape, right or wrong: twice, in any place, with over-long numbers, with a length that lies.
/// </summary>
internal sealed class WireNode
{
    /// <summary>A type of no field: the node is its bytes, and nothing around them.</summary>
    public const uint Raw = 8;

    public int Number { get; set; }

    public uint Type { get; set; }

    /// <summary>Of a varint or a fixed number.</summary>
    public ulong Value { get; set; }

    /// <summary>The body of a length-delimited field that has no fields of its own.</summary>
    public byte[] Bytes { get; set; } = [];

    /// <summary>The fields of a message or of a group; null for everything else.</summary>
    public List<WireNode>? Children { get; set; }

    /// <summary>Bytes more than needed for the tag, and for the value or the length.</summary>
    public int TagPadding { get; set; }

    public int ValuePadding { get; set; }

    /// <summary>What the written length is off by.</summary>
    public long LengthError { get; set; }

    private ulong Tag => ((ulong)Number << 3) | Type;

    /// <summary>The fields of a message; from the first broken byte on a node of raw bytes. Written again, it is the same message.</summary>
    public static List<WireNode> Parse(byte[] record, WireShape? shape) => Parse(record, 0, record.Length, shape);

    public static byte[] Write(IEnumerable<WireNode> nodes)
    {
        var to = new WireWriter(256);
        foreach (WireNode node in nodes)
        {
            node.WriteTo(to);
        }

        return to.Written.ToArray();
    }

    public static WireNode Varint(int number, ulong value) => new() { Number = number, Type = WireType.Varint, Value = value };

    public static WireNode Fixed64(int number, ulong value) => new() { Number = number, Type = WireType.Fixed64, Value = value };

    public static WireNode Fixed32(int number, uint value) => new() { Number = number, Type = WireType.Fixed32, Value = value };

    public static WireNode Text(int number, byte[] bytes) => new() { Number = number, Type = WireType.Bytes, Bytes = bytes };

    public static WireNode Message(int number, params IEnumerable<WireNode> children) => new() { Number = number, Type = WireType.Bytes, Children = [.. children] };

    public static WireNode Group(int number, params IEnumerable<WireNode> children) => new() { Number = number, Type = WireType.StartGroup, Children = [.. children] };

    public static List<WireNode> Clone(List<WireNode> nodes) => nodes.ConvertAll(node => node.Clone());

    public WireNode Clone()
    {
        var clone = (WireNode)MemberwiseClone();
        clone.Children = Children is null ? null : Clone(Children);
        return clone;
    }

    private static List<WireNode> Parse(byte[] record, int start, int end, WireShape? shape)
    {
        var message = new PlainMessage(record, start, end);
        var nodes = new List<WireNode>(message.Fields.Count);
        int at = start;
        foreach (PlainField field in message.Fields.Where(field => field.IsWhole || field.Type == WireType.Bytes))
        {
            var node = new WireNode { Number = field.Number, Type = field.Type };
            node.TagPadding = field.TagEnd - field.TagStart - SizeOf(node.Tag);
            ReadOnlySpan<byte> value = record.AsSpan(field.Start..field.End);
            switch (field.Type)
            {
                case WireType.Bytes:
                    WireShape? inner = shape?[field.Number];
                    node.Children = inner is null ? null : Parse(record, field.Start, field.End, inner);
                    node.Bytes = inner is null ? value.ToArray() : [];
                    node.ValuePadding = field.IsWhole ? field.Start - field.TagEnd - SizeOf((ulong)value.Length) : 0;
                    node.LengthError = field.IsWhole ? 0 : 1; // by how much is the same to every parser
                    break;
                case WireType.StartGroup:
                    var whole = new PlainMessage(record, field);
                    int body = whole.Fields.Sum(part => part.End - part.TagStart); // up to its own end tag
                    node.Children = Parse(record, field.Start, field.Start + body, null);
                    node.ValuePadding = field.End - field.Start - body - SizeOf(node.Tag);
                    break;
                default:
                    for (int i = 0; i < value.Length; i++)
                    {
                        node.Value |= field.Type == WireType.Varint ? (ulong)(value[i] & 0x7F) << (7 * i) : (ulong)value[i] << (8 * i);
                    }

                    node.ValuePadding = field.Type == WireType.Varint ? value.Length - SizeOf(node.Value) : 0;
                    break;
            }

            nodes.Add(node);
            at = field.End;
        }

        if (at < end)
        {
            nodes.Add(new WireNode { Type = Raw, Bytes = record[at..end] });
        }

        return nodes;
    }

    private void WriteTo(WireWriter to)
    {
        if (Type == Raw)
        {
            to.Raw(Bytes);
            return;
        }

        Padded(to, Tag, TagPadding);
        switch (Type)
        {
            case WireType.Varint:
                Padded(to, Value, ValuePadding);
                break;
            case WireType.Fixed64:
                to.Raw(BitConverter.GetBytes(Value));
                break;
            case WireType.Fixed32:
                to.Raw(BitConverter.GetBytes((uint)Value));
                break;
            case WireType.Bytes:
                byte[] body = Children is null ? Bytes : Write(Children);
                Padded(to, (ulong)(body.Length + LengthError), ValuePadding);
                to.Raw(body);
                break;
            case WireType.StartGroup:
                to.Raw(Write(Children ?? []));
                Padded(to, ((ulong)Number << 3) | WireType.EndGroup, ValuePadding);
                break;
            default:
                break; // a tag that stands alone: no parser takes it
        }
    }

    // A varint of more bytes than it needs, up to the ten that there can be.
    private static void Padded(WireWriter to, ulong value, int padding)
    {
        int start = to.Length;
        to.Varint(value);
        padding = Math.Min(padding, 10 - (to.Length - start));
        if (padding > 0)
        {
            byte last = (byte)(to.Written[^1] | 0x80);
            to.Truncate(to.Length - 1);
            to.Raw([last]);
            for (int i = 1; i < padding; i++)
            {
                to.Raw([0x80]);
            }

            to.Raw([0]);
        }
    }

    private static int SizeOf(ulong varint)
    {
        int size = 1;
        for (; varint >= 0x80; varint >>= 7)
        {
            size++;
        }

        return size;
    }
}
