using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace SpanMetrics.Otlp;

/// <summary>
/// OTLP/JSON to the protobuf bytes of the same message, so that there is one decoder and one set of rules.
/// A field of the wrong JSON type is passed over like an unknown one: a bad sibling must not hide a deny.
/// Source: opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
/// </summary>
internal static class OtlpJson
{
    // An attribute value nests three levels of JSON for one of AnyValue; spans themselves lie seven deep.
    private const int MaxDepth = 64;

    // Ids are 8 and 16 bytes. Longer ones than this are no ids and are left out.
    private const int MaxIdBytes = 32;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    private delegate void BodyOf(ref Utf8JsonReader json, WireWriter to);

    /// <summary>False, with nothing written, if the text is not one JSON object with `resourceSpans` (or an empty one).</summary>
    public static bool TryTranscodeTraces(ReadOnlySpan<byte> json, WireWriter to)
    {
        int start = to.Length;
        if (Utf8.IsValid(json) && TryTranscode(json, to))
        {
            return true;
        }
        to.Truncate(start);
        return false;
    }

    // message TracesData { repeated ResourceSpans resource_spans = 1; }
    private static bool TryTranscode(ReadOnlySpan<byte> json, WireWriter to)
    {
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }
            // Logs and metrics are objects too, all of whose fields would be "unknown": without
            // resourceSpans a non-empty object is another message, not an empty batch.
            bool empty = true;
            bool spans = false;
            while (NextField(ref reader, out ReadOnlySpan<byte> name))
            {
                empty = false;
                if (!name.SequenceEqual("resourceSpans"u8))
                {
                    reader.Skip();
                    continue;
                }
                if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.Null))
                {
                    return false;
                }
                spans = true;
                Repeated(ref reader, to, 1, ResourceSpans);
            }
            return !reader.Read() && (spans || empty);   // Read throws where more than white space follows
        }
        catch (JsonException)
        {
            return false;   // Utf8JsonReader has no other way to say so
        }
    }

    // message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
    private static void ResourceSpans(ref Utf8JsonReader json, WireWriter to)
    {
        while (NextField(ref json, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("resource"u8)) { Message(ref json, to, 1, Resource); }
            else if (name.SequenceEqual("scopeSpans"u8)) { Repeated(ref json, to, 2, ScopeSpans); }
            else if (name.SequenceEqual("schemaUrl"u8)) { Text(ref json, to, 3); }
            else { json.Skip(); }
        }
    }

    // message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
    private static void Resource(ref Utf8JsonReader json, WireWriter to)
    {
        while (NextField(ref json, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("attributes"u8)) { Repeated(ref json, to, 1, KeyValue); }
            else if (name.SequenceEqual("droppedAttributesCount"u8)) { Unsigned(ref json, to, 2); }
            else { json.Skip(); }
        }
    }

    // message ScopeSpans { InstrumentationScope scope = 1; repeated Span spans = 2; string schema_url = 3; }
    private static void ScopeSpans(ref Utf8JsonReader json, WireWriter to)
    {
        while (NextField(ref json, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("scope"u8)) { Message(ref json, to, 1, Scope); }
            else if (name.SequenceEqual("spans"u8)) { Repeated(ref json, to, 2, Span); }
            else if (name.SequenceEqual("schemaUrl"u8)) { Text(ref json, to, 3); }
            else { json.Skip(); }
        }
    }

    // message InstrumentationScope { string name = 1; string version = 2; repeated KeyValue attributes = 3;
    //   uint32 dropped_attributes_count = 4; }
    private static void Scope(ref Utf8JsonReader json, WireWriter to)
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

    // message Span { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4;
    //   string name = 5; SpanKind kind = 6; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
    //   repeated KeyValue attributes = 9; uint32 dropped_attributes_count = 10;
    //   repeated Event events = 11; uint32 dropped_events_count = 12;
    //   repeated Link links = 13; uint32 dropped_links_count = 14; Status status = 15; fixed32 flags = 16; }
    private static void Span(ref Utf8JsonReader json, WireWriter to)
    {
        while (NextField(ref json, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("traceId"u8)) { Id(ref json, to, 1); }
            else if (name.SequenceEqual("spanId"u8)) { Id(ref json, to, 2); }
            else if (name.SequenceEqual("traceState"u8)) { Text(ref json, to, 3); }
            else if (name.SequenceEqual("parentSpanId"u8)) { Id(ref json, to, 4); }
            else if (name.SequenceEqual("name"u8)) { Text(ref json, to, 5); }
            else if (name.SequenceEqual("kind"u8)) { Enumeration(ref json, to, 6, KindNamed); }
            else if (name.SequenceEqual("startTimeUnixNano"u8)) { Fixed64(ref json, to, 7); }
            else if (name.SequenceEqual("endTimeUnixNano"u8)) { Fixed64(ref json, to, 8); }
            else if (name.SequenceEqual("attributes"u8)) { Repeated(ref json, to, 9, KeyValue); }
            else if (name.SequenceEqual("droppedAttributesCount"u8)) { Unsigned(ref json, to, 10); }
            else if (name.SequenceEqual("events"u8)) { Repeated(ref json, to, 11, Event); }
            else if (name.SequenceEqual("droppedEventsCount"u8)) { Unsigned(ref json, to, 12); }
            else if (name.SequenceEqual("links"u8)) { Repeated(ref json, to, 13, Link); }
            else if (name.SequenceEqual("droppedLinksCount"u8)) { Unsigned(ref json, to, 14); }
            else if (name.SequenceEqual("status"u8)) { Message(ref json, to, 15, Status); }
            else if (name.SequenceEqual("flags"u8)) { Fixed32(ref json, to, 16); }
            else { json.Skip(); }
        }
    }

    // message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3;
    //   uint32 dropped_attributes_count = 4; }
    private static void Event(ref Utf8JsonReader json, WireWriter to)
    {
        while (NextField(ref json, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("timeUnixNano"u8)) { Fixed64(ref json, to, 1); }
            else if (name.SequenceEqual("name"u8)) { Text(ref json, to, 2); }
            else if (name.SequenceEqual("attributes"u8)) { Repeated(ref json, to, 3, KeyValue); }
            else if (name.SequenceEqual("droppedAttributesCount"u8)) { Unsigned(ref json, to, 4); }
            else { json.Skip(); }
        }
    }

    // message Link { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4;
    //   uint32 dropped_attributes_count = 5; fixed32 flags = 6; }
    private static void Link(ref Utf8JsonReader json, WireWriter to)
    {
        while (NextField(ref json, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("traceId"u8)) { Id(ref json, to, 1); }
            else if (name.SequenceEqual("spanId"u8)) { Id(ref json, to, 2); }
            else if (name.SequenceEqual("traceState"u8)) { Text(ref json, to, 3); }
            else if (name.SequenceEqual("attributes"u8)) { Repeated(ref json, to, 4, KeyValue); }
            else if (name.SequenceEqual("droppedAttributesCount"u8)) { Unsigned(ref json, to, 5); }
            else if (name.SequenceEqual("flags"u8)) { Fixed32(ref json, to, 6); }
            else { json.Skip(); }
        }
    }

    // message Status { reserved 1; string message = 2; StatusCode code = 3; }
    private static void Status(ref Utf8JsonReader json, WireWriter to)
    {
        while (NextField(ref json, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("message"u8)) { Text(ref json, to, 2); }
            else if (name.SequenceEqual("code"u8)) { Enumeration(ref json, to, 3, CodeNamed); }
            else { json.Skip(); }
        }
    }

    // message KeyValue { string key = 1; AnyValue value = 2; }
    private static void KeyValue(ref Utf8JsonReader json, WireWriter to)
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
    private static void AnyValue(ref Utf8JsonReader json, WireWriter to)
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

    /// <summary>Steps to the value of the next property of the object the reader is in; false at its end.</summary>
    private static bool NextField(ref Utf8JsonReader json, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (!json.Read() || json.TokenType == JsonTokenType.EndObject)
        {
            return false;
        }
        name = StringOf(ref json);
        return json.Read();
    }

    private static void Message(ref Utf8JsonReader json, WireWriter to, int field, BodyOf body)
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

    private static void Repeated(ref Utf8JsonReader json, WireWriter to, int field, BodyOf body)
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

    private static void Text(ref Utf8JsonReader json, WireWriter to, int field)
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

    private static void Boolean(ref Utf8JsonReader json, WireWriter to, int field)
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

    private static void Signed(ref Utf8JsonReader json, WireWriter to, int field)
    {
        if (TryWhole(ref json, out decimal value) && value is >= long.MinValue and <= long.MaxValue)
        {
            to.VarintField(field, (ulong)(long)value);
        }
    }

    private static void Unsigned(ref Utf8JsonReader json, WireWriter to, int field)
    {
        if (TryWhole(ref json, out decimal value) && value is >= 0 and <= uint.MaxValue)
        {
            to.VarintField(field, (ulong)value);
        }
    }

    private static void Fixed32(ref Utf8JsonReader json, WireWriter to, int field)
    {
        if (TryWhole(ref json, out decimal value) && value is >= 0 and <= uint.MaxValue)
        {
            to.Fixed32Field(field, (uint)value);
        }
    }

    private static void Fixed64(ref Utf8JsonReader json, WireWriter to, int field)
    {
        if (TryWhole(ref json, out decimal value) && value is >= 0 and <= ulong.MaxValue)
        {
            to.Fixed64Field(field, (ulong)value);
        }
    }

    private static void Enumeration(ref Utf8JsonReader json, WireWriter to, int field, Func<ReadOnlySpan<byte>, int> named)
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

    private static void Double(ref Utf8JsonReader json, WireWriter to, int field)
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

    private static void Id(ref Utf8JsonReader json, WireWriter to, int field)
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

    private static void Base64Bytes(ref Utf8JsonReader json, WireWriter to, int field)
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

    private static int KindNamed(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("SPAN_KIND_UNSPECIFIED"u8) ? 0
        : name.SequenceEqual("SPAN_KIND_INTERNAL"u8) ? 1
        : name.SequenceEqual("SPAN_KIND_SERVER"u8) ? 2
        : name.SequenceEqual("SPAN_KIND_CLIENT"u8) ? 3
        : name.SequenceEqual("SPAN_KIND_PRODUCER"u8) ? 4
        : name.SequenceEqual("SPAN_KIND_CONSUMER"u8) ? 5
        : -1;

    private static int CodeNamed(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("STATUS_CODE_UNSET"u8) ? 0
        : name.SequenceEqual("STATUS_CODE_OK"u8) ? 1
        : name.SequenceEqual("STATUS_CODE_ERROR"u8) ? 2
        : -1;

    private static ReadOnlySpan<byte> StringOf(ref Utf8JsonReader json) =>
        json.ValueIsEscaped ? JsonText.Unescape(json.ValueSpan) : json.ValueSpan;
}
