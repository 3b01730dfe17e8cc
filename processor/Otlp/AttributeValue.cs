using System.Globalization;
using System.Text;

namespace SpanMetrics.Otlp;

/// <summary>An attribute's value as it lies in the record. Valid as long as the record.</summary>
internal readonly ref struct AttributeValue
{
    /// <summary>A value with more fields is missing: it has one, and a resource's is read for every span.</summary>
    public const int FieldLimit = 16;

    /// <summary>Bytes of a text that are looked at, for the same reason.</summary>
    public const int TextLimit = 1024;

    /// <summary>Room for a number as text.</summary>
    public const int ScratchBytes = 32;

    private readonly ReadOnlySpan<byte> _text;
    private readonly ulong _bits;

    private AttributeValue(AttributeKind kind, ReadOnlySpan<byte> text, ulong bits)
    {
        Kind = kind;
        _text = text;
        _bits = bits;
    }

    public AttributeKind Kind { get; }

    // message AnyValue {
    //   oneof value {
    //     string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
    //     ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7;
    //   }
    // }
    /// <summary>The last arm wins, as with every oneof. A value that cannot be read is missing; the record goes on.</summary>
    public static AttributeValue Read(ReadOnlySpan<byte> record, Slice anyValue)
    {
        ReadOnlySpan<byte> bytes = anyValue.Of(record);
        if (bytes.Length >= 2 && bytes[1] < 0x80)
        {
            // One arm and nothing else, with a value or a length of one byte: nearly every attribute there is.
            switch ((uint)bytes[0])
            {
                case (1 << 3) | WireType.Bytes when bytes[1] == bytes.Length - 2:
                    return new AttributeValue(AttributeKind.String, bytes[2..], 0);
                case (2 << 3) | WireType.Varint when bytes.Length == 2:
                    return new AttributeValue(AttributeKind.Bool, default, bytes[1]);
                case (3 << 3) | WireType.Varint when bytes.Length == 2:
                    return new AttributeValue(AttributeKind.Int, default, bytes[1]);
            }
        }

        return ReadAny(record, anyValue);
    }

    /// <summary><see cref="AsBool"/> of a value that is not empty.</summary>
    public static bool? BoolOf(ReadOnlySpan<byte> record, Slice anyValue)
    {
        ReadOnlySpan<byte> bytes = anyValue.Of(record);
        return bytes.Length == 2 && bytes[0] == ((2 << 3) | WireType.Varint) && bytes[1] < 0x80 ? bytes[1] != 0 : Read(record, anyValue).AsBool();
    }

    /// <summary><see cref="AsText"/> of a value that is not empty.</summary>
    public static ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> record, Slice anyValue, Span<byte> scratch)
    {
        ReadOnlySpan<byte> bytes = anyValue.Of(record);
        return bytes.Length > 2 && bytes[0] == ((1 << 3) | WireType.Bytes) && bytes[1] == bytes.Length - 2 && bytes[2] > '\'' && bytes[^1] > '\''
            && bytes[1] < 0x80
            ? bytes[2..]
            : Read(record, anyValue).AsText(scratch);
    }

    private static AttributeValue ReadAny(ReadOnlySpan<byte> record, Slice anyValue)
    {
        AttributeValue value = default;
        var reader = new WireReader(record, anyValue);
        for (int fields = 0; reader.TryReadTag(out uint tag); fields++)
        {
            if (fields == FieldLimit)
            {
                return default;
            }

            switch (tag)
            {
                case (1 << 3) | WireType.Bytes:
                    if (!reader.TryReadBytes(out Slice text))
                    {
                        return default;
                    }

                    value = new AttributeValue(AttributeKind.String, text.Of(record), 0);
                    break;
                case (2 << 3) | WireType.Varint:
                case (3 << 3) | WireType.Varint:
                    if (!reader.TryReadVarint(out ulong varint))
                    {
                        return default;
                    }

                    value = new AttributeValue(tag >> 3 == 2 ? AttributeKind.Bool : AttributeKind.Int, default, varint);
                    break;
                case (4 << 3) | WireType.Fixed64:
                    if (!reader.TryReadFixed64(out ulong bits))
                    {
                        return default;
                    }

                    value = new AttributeValue(AttributeKind.Double, default, bits);
                    break;
                default:
                    if (!reader.TrySkip(tag))
                    {
                        return default;
                    }

                    AttributeKind kind = tag switch
                    {
                        (5 << 3) | WireType.Bytes => AttributeKind.Array,
                        (6 << 3) | WireType.Bytes => AttributeKind.Map,
                        (7 << 3) | WireType.Bytes => AttributeKind.Bytes,
                        _ => AttributeKind.Missing,
                    };
                    if (kind != AttributeKind.Missing)
                    {
                        value = new AttributeValue(kind, default, 0);
                    }

                    break;
            }
        }

        return reader.Status == DecodeStatus.Ok ? value : default;
    }

    /// <summary>
    /// Emitters write booleans as bool, int and text in any case ("True" from Python): null for whatever is none of these.
    /// </summary>
    public bool? AsBool()
    {
        switch (Kind)
        {
            case AttributeKind.Bool:
                return _bits != 0;
            case AttributeKind.Int:
                return _bits switch { 0 => false, 1 => true, _ => null };
            case AttributeKind.String:
                ReadOnlySpan<byte> text = TextOf(_text);
                return Ascii.EqualsIgnoreCase(text, "true"u8) || text.SequenceEqual("1"u8) ? true
                    : Ascii.EqualsIgnoreCase(text, "false"u8) || text.SequenceEqual("0"u8) ? false
                    : null;
            default:
                return null;
        }
    }

    /// <summary>Emitters write numbers as int, double and text: null for whatever is none of these, and for what is not finite.</summary>
    public double? AsNumber()
    {
        switch (Kind)
        {
            case AttributeKind.Int:
                return (long)_bits;
            case AttributeKind.Double:
                double number = BitConverter.UInt64BitsToDouble(_bits);
                return double.IsFinite(number) ? number : null;
            case AttributeKind.String:
                return double.TryParse(TextOf(_text), NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number) ? number : null;
            default:
                return null;
        }
    }

    /// <summary>
    /// The value as text, without blanks around it and one layer of quotes. Empty when it is missing;
    /// a mark for an array, a map or bytes, which are never looked into.
    /// Numbers are written to <paramref name="scratch"/>, which needs <see cref="ScratchBytes"/>.
    /// </summary>
    public ReadOnlySpan<byte> AsText(Span<byte> scratch)
    {
        switch (Kind)
        {
            case AttributeKind.String:
                return TextOf(_text);
            case AttributeKind.Bool:
                return _bits != 0 ? "true"u8 : "false"u8;
            case AttributeKind.Int:
                ((long)_bits).TryFormat(scratch, out int written, default, CultureInfo.InvariantCulture);
                return scratch[..written];
            case AttributeKind.Double:
                BitConverter.UInt64BitsToDouble(_bits).TryFormat(scratch, out written, default, CultureInfo.InvariantCulture);
                return scratch[..written];
            case AttributeKind.Array:
                return "_array_"u8;
            case AttributeKind.Map:
                return "_map_"u8;
            case AttributeKind.Bytes:
                return "_bytes_"u8;
            default:
                return default;
        }
    }

    /// <summary>A text as it was sent, in full: to look into, never to keep. Empty for what is no text.</summary>
    public ReadOnlySpan<byte> AsContent() => _text;

    private static ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || (text[0] > '\'' && text[^1] > '\''))
        {
            return text; // no blank and no quote sorts after the apostrophe
        }

        text = text[..Math.Min(text.Length, TextLimit)].Trim(" \t\r\n"u8);
        if (text.Length >= 2 && text[0] == text[^1] && text[0] is (byte)'"' or (byte)'\'')
        {
            text = text[1..^1].Trim(" \t\r\n"u8);
        }

        return text;
    }
}
