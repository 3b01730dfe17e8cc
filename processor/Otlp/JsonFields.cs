using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;

namespace SpanMetrics.Otlp;

/// <summary>
/// Fields of protobuf's JSON mapping to protobuf, one of each type, with what OTLP says otherwise (ids are hex). A value of
/// another JSON type is passed over.
/// </summary>
internal static class JsonFields
{
    // Ids are 8 and 16 bytes. Longer ones than this are no ids and are left out.
    private const int MaxIdBytes = 32;

    /// <summary>Writes the fields of the object that the reader is in.</summary>
    public delegate void BodyOf(ref Utf8JsonReader json, WireWriter to);

    /// <summary>Steps to the value of the next property of the object the reader is in; false at its end.</summary>
    public static bool NextField(ref Utf8JsonReader json, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (!json.Read() || json.TokenType == JsonTokenType.EndObject)
        {
            return false;
        }
        name = StringOf(ref json);
        return json.Read();
    }

    public static void Message(ref Utf8JsonReader json, WireWriter to, int field, BodyOf body)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }
        int mark = to.Begin(field);
        body(ref json, to);
        to.End(mark);
    }

    public static void Repeated(ref Utf8JsonReader json, WireWriter to, int field, BodyOf body)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            Message(ref json, to, field, body);
        }
    }

    public static void Text(ref Utf8JsonReader json, WireWriter to, int field)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            to.StringField(field, StringOf(ref json));
        }
        else
        {
            json.Skip();
        }
    }

    public static void Boolean(ref Utf8JsonReader json, WireWriter to, int field)
    {
        if (json.TokenType is JsonTokenType.True or JsonTokenType.False)
        {
            to.VarintField(field, json.TokenType == JsonTokenType.True ? 1u : 0u);
        }
        else
        {
            json.Skip();
        }
    }

    public static void Signed(ref Utf8JsonReader json, WireWriter to, int field)
    {
        if (TryWhole(ref json, out decimal value) && value is >= long.MinValue and <= long.MaxValue)
        {
            to.VarintField(field, (ulong)(long)value);
        }
    }

    public static void Unsigned(ref Utf8JsonReader json, WireWriter to, int field)
    {
        if (TryWhole(ref json, out decimal value) && value is >= 0 and <= uint.MaxValue)
        {
            to.VarintField(field, (ulong)value);
        }
    }

    public static void Fixed32(ref Utf8JsonReader json, WireWriter to, int field)
    {
        if (TryWhole(ref json, out decimal value) && value is >= 0 and <= uint.MaxValue)
        {
            to.Fixed32Field(field, (uint)value);
        }
    }

    public static void Fixed64(ref Utf8JsonReader json, WireWriter to, int field)
    {
        if (TryWhole(ref json, out decimal value) && value is >= 0 and <= ulong.MaxValue)
        {
            to.Fixed64Field(field, (ulong)value);
        }
    }

    public static void Enumeration(ref Utf8JsonReader json, WireWriter to, int field, Func<ReadOnlySpan<byte>, int> named)
    {
        if (json.TokenType == JsonTokenType.String && named(StringOf(ref json)) is >= 0 and int known)
        {
            to.VarintField(field, (ulong)known);
        }
        else if (TryWhole(ref json, out decimal value) && value is >= int.MinValue and <= int.MaxValue)
        {
            to.VarintField(field, (ulong)(long)value);
        }
    }

    public static void Double(ref Utf8JsonReader json, WireWriter to, int field)
    {
        if (json.TokenType is not (JsonTokenType.String or JsonTokenType.Number))
        {
            json.Skip();
            return;
        }
        ReadOnlySpan<byte> text = StringOf(ref json);
        if (text.SequenceEqual("Infinity"u8)) { to.DoubleField(field, double.PositiveInfinity); }
        else if (text.SequenceEqual("-Infinity"u8)) { to.DoubleField(field, double.NegativeInfinity); }
        else if (text.SequenceEqual("NaN"u8)) { to.DoubleField(field, double.NaN); }
        else if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
        {
            to.DoubleField(field, value);
        }
    }

    public static void Id(ref Utf8JsonReader json, WireWriter to, int field)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            json.Skip();
            return;
        }
        Span<byte> id = stackalloc byte[MaxIdBytes];
        ReadOnlySpan<byte> hex = StringOf(ref json);
        if (hex.Length <= 2 * MaxIdBytes
            && Convert.FromHexString(hex, id, out _, out int written) == System.Buffers.OperationStatus.Done)
        {
            to.BytesField(field, id[..written]);
        }
    }

    public static void Base64Bytes(ref Utf8JsonReader json, WireWriter to, int field)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            json.Skip();
            return;
        }
        // Protobuf's JSON mapping: writers use the standard alphabet, readers take both.
        ReadOnlySpan<byte> text = StringOf(ref json);
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length) + 2];
        if (Base64.DecodeFromUtf8(text, bytes, out _, out int written) == System.Buffers.OperationStatus.Done
            || Base64Url.DecodeFromUtf8(text, bytes, out _, out written) == System.Buffers.OperationStatus.Done)
        {
            to.BytesField(field, bytes.AsSpan(0, written));
        }
    }

    /// <summary>A whole number as JSON number or string (`"1"`, 1, 1e3); other values are passed over.</summary>
    private static bool TryWhole(ref Utf8JsonReader json, out decimal value)
    {
        value = 0;
        if (json.TokenType is JsonTokenType.String or JsonTokenType.Number)
        {
            return decimal.TryParse(StringOf(ref json), NumberStyles.Float, CultureInfo.InvariantCulture, out value)
                && decimal.IsInteger(value);
        }
        json.Skip();
        return false;
    }

    private static ReadOnlySpan<byte> StringOf(ref Utf8JsonReader json) =>
        json.ValueIsEscaped ? JsonText.Unescape(json.ValueSpan) : json.ValueSpan;
}
