using System.Buffers.Binary;
using SpanMetrics.Otlp;

namespace SpanMetrics.Generator;

/// <summary>
/// Writes the field `spans` of ScopeSpans, one span after the other, and pieces of it ahead of time: a generated
/// span is mostly a concatenation of pieces that never change.
/// </summary>
internal sealed class SpanEncoder(WireWriter to)
{
    // SPAN_KIND_INTERNAL; flags: the bit that says whether the parent is remote is known, and it is not
    // (opentelemetry-proto, SpanFlags). All spans of kitelogik have both.
    private const uint KindInternal = 1;
    private const uint FlagsLocal = 0x100;

    private int _span;

    // message Span { bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; SpanKind kind = 6;
    //   fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9;
    //   repeated Event events = 11; Status status = 15; fixed32 flags = 16; }
    public void Begin(in TraceId trace, ulong id, ulong parent, ReadOnlySpan<byte> name, ulong start, ulong end)
    {
        Span<byte> bytes = stackalloc byte[TraceId.Size];
        _span = to.Begin(2);
        trace.Write(bytes);
        to.BytesField(1, bytes);
        BinaryPrimitives.WriteUInt64BigEndian(bytes, id);
        to.BytesField(2, bytes[..sizeof(ulong)]);
        if (parent != 0)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, parent);
            to.BytesField(4, bytes[..sizeof(ulong)]);
        }
        to.StringField(5, name);
        to.VarintField(6, KindInternal);
        to.Fixed64Field(7, start);
        to.Fixed64Field(8, end);
    }

    /// <summary>Attributes or a status encoded before.</summary>
    public void Piece(ReadOnlySpan<byte> encoded) => to.Raw(encoded);

    public void Attribute(ReadOnlySpan<byte> key, long value)
    {
        int attribute = to.Begin(9);
        to.StringField(1, key);
        int any = to.Begin(2);
        to.VarintField(3, (ulong)value);
        to.End(any);
        to.End(attribute);
    }

    public void Attribute(ReadOnlySpan<byte> key, double value)
    {
        int attribute = to.Begin(9);
        to.StringField(1, key);
        int any = to.Begin(2);
        to.DoubleField(4, value);
        to.End(any);
        to.End(attribute);
    }

    // message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; }
    public void Exception(ReadOnlySpan<byte> attributes, ulong time)
    {
        int exception = to.Begin(11);
        to.Fixed64Field(1, time);
        to.StringField(2, "exception"u8);
        to.Raw(attributes);
        to.End(exception);
    }

    public void End()
    {
        to.Fixed32Field(16, FlagsLocal);
        to.End(_span);
    }

    /// <summary>An attribute of a span.</summary>
    public static byte[] Attribute(string key, string value)
    {
        var to = new WireWriter(256);
        WriteAttribute(to, 9, key, value);
        return to.Written.ToArray();
    }

    /// <summary>An attribute of a span.</summary>
    public static byte[] Attribute(string key, bool value)
    {
        var to = new WireWriter(256);
        int attribute = to.Begin(9);
        to.StringField(1, key);
        int any = to.Begin(2);
        to.VarintField(2, value ? 1u : 0u);
        to.End(any);
        to.End(attribute);
        return to.Written.ToArray();
    }

    // message KeyValue { string key = 1; AnyValue value = 2; }
    // message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
    public static void WriteAttribute(WireWriter to, int field, string key, string value)
    {
        int attribute = to.Begin(field);
        to.StringField(1, key);
        int any = to.Begin(2);
        to.StringField(1, value);
        to.End(any);
        to.End(attribute);
    }

    // message Status { string message = 2; StatusCode code = 3; }, code 2 = ERROR
    public static byte[] Error(string message)
    {
        var to = new WireWriter(256);
        int status = to.Begin(15);
        to.StringField(2, message);
        to.VarintField(3, 2);
        to.End(status);
        return to.Written.ToArray();
    }

    /// <summary>The attributes of an exception event as the Python SDK records it.</summary>
    public static byte[] ExceptionAttributes(string type, string message)
    {
        var to = new WireWriter(1024);
        WriteAttribute(to, 3, "exception.type", type);
        WriteAttribute(to, 3, "exception.message", message);
        WriteAttribute(to, 3, "exception.stacktrace", $"Traceback (most recent call last):\n{type}: {message}\n");
        WriteAttribute(to, 3, "exception.escaped", "False");
        return to.Written.ToArray();
    }
}
