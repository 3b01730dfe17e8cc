using System.Text.Json;
using static SpanMetrics.Otlp.JsonFields;

namespace SpanMetrics.Otlp;

/// <summary>The messages that every signal of OTLP/JSON has.</summary>
internal static class JsonCommon
{
    // message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
    public static void Resource(ref Utf8JsonReader json, WireWriter to)
    {
        while (NextField(ref json, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("attributes"u8)) { Repeated(ref json, to, 1, KeyValue); }
            else if (name.SequenceEqual("droppedAttributesCount"u8)) { Unsigned(ref json, to, 2); }
            else { json.Skip(); }
        }
    }

    // message InstrumentationScope { string name = 1; string version = 2; repeated KeyValue attributes = 3;
    //   uint32 dropped_attributes_count = 4; }
    public static void Scope(ref Utf8JsonReader json, WireWriter to)
    {
        while (NextField(ref json, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("name"u8)) { Text(ref json, to, 1); }
            else if (name.SequenceEqual("version"u8)) { Text(ref json, to, 2); }
            else if (name.SequenceEqual("attributes"u8)) { Repeated(ref json, to, 3, KeyValue); }
            else if (name.SequenceEqual("droppedAttributesCount"u8)) { Unsigned(ref json, to, 4); }
            else { json.Skip(); }
        }
    }

    // message KeyValue { string key = 1; AnyValue value = 2; }
    public static void KeyValue(ref Utf8JsonReader json, WireWriter to)
    {
        while (NextField(ref json, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("key"u8)) { Text(ref json, to, 1); }
            else if (name.SequenceEqual("value"u8)) { Message(ref json, to, 2, AnyValue); }
            else { json.Skip(); }
        }
    }

    // message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3;
    //   double double_value = 4; ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7; } }
    public static void AnyValue(ref Utf8JsonReader json, WireWriter to)
    {
        while (NextField(ref json, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("stringValue"u8)) { Text(ref json, to, 1); }
            else if (name.SequenceEqual("boolValue"u8)) { Boolean(ref json, to, 2); }
            else if (name.SequenceEqual("intValue"u8)) { Signed(ref json, to, 3); }
            else if (name.SequenceEqual("doubleValue"u8)) { Double(ref json, to, 4); }
            else if (name.SequenceEqual("arrayValue"u8)) { Message(ref json, to, 5, ArrayValue); }
            else if (name.SequenceEqual("kvlistValue"u8)) { Message(ref json, to, 6, KeyValueList); }
            else if (name.SequenceEqual("bytesValue"u8)) { Base64Bytes(ref json, to, 7); }
            else { json.Skip(); }
        }
    }

    // message ArrayValue { repeated AnyValue values = 1; }
    private static void ArrayValue(ref Utf8JsonReader json, WireWriter to)
    {
        while (NextField(ref json, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("values"u8)) { Repeated(ref json, to, 1, AnyValue); }
            else { json.Skip(); }
        }
    }

    // message KeyValueList { repeated KeyValue values = 1; }
    private static void KeyValueList(ref Utf8JsonReader json, WireWriter to)
    {
        while (NextField(ref json, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("values"u8)) { Repeated(ref json, to, 1, KeyValue); }
            else { json.Skip(); }
        }
    }
}
