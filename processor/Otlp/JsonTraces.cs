using System.Text.Json;
using static SpanMetrics.Otlp.JsonCommon;
using static SpanMetrics.Otlp.JsonFields;

namespace SpanMetrics.Otlp;

/// <summary>The messages of OTLP/JSON that only traces have.</summary>
internal static class JsonTraces
{
    // message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
    public static void ResourceSpans(ref Utf8JsonReader json, WireWriter to)
    {
        while (NextField(ref json, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("resource"u8)) { Message(ref json, to, 1, Resource); }
            else if (name.SequenceEqual("scopeSpans"u8)) { Repeated(ref json, to, 2, ScopeSpans); }
            else if (name.SequenceEqual("schemaUrl"u8)) { Text(ref json, to, 3); }
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
}
