using SpanMetrics.Otlp;

namespace SpanMetrics.Tests.Unit;

/// <summary>OTLP field by field, so that a test can put them in any order, twice, or broken.</summary>
internal static class OtlpBytes
{
    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    public static byte[] Bytes(int field, params byte[][] body) => Written(to => to.BytesField(field, Join(body)));

    public static byte[] Text(int field, string value) => Written(to => to.StringField(field, value));

    public static byte[] Varint(int field, ulong value) => Written(to => to.VarintField(field, value));

    public static byte[] Fixed64(int field, ulong value) => Written(to => to.Fixed64Field(field, value));

    // message TracesData { repeated ResourceSpans resource_spans = 1; }
    public static byte[] ResourceSpans(params byte[][] parts) => Bytes(1, parts);

    // message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
    public static byte[] Resource(params byte[][] attributes) => Bytes(1, attributes);

    public static byte[] Service(string name) => Resource(ResourceAttribute("service.name", name));

    public static byte[] ResourceAttribute(string key, string value) => Bytes(1, Text(1, key), Bytes(2, Text(1, value)));

    public static byte[] ScopeSpans(params byte[][] parts) => Bytes(2, parts);

    // message ScopeSpans { InstrumentationScope scope = 1; repeated Span spans = 2; }
    public static byte[] Scope(string name) => Bytes(1, Text(1, name));

    public static byte[] Span(string name, params byte[][] fields) => Bytes(2, [Text(5, name), .. fields]);

    public static byte[] Attribute(string key, string value) => Value(key, Text(1, value));

    public static byte[] Attribute(string key, bool value) => Value(key, Varint(2, value ? 1u : 0u));

    public static byte[] Attribute(string key, long value) => Value(key, Varint(3, (ulong)value));

    public static byte[] Value(string key, params byte[][] anyValue) => Bytes(9, Text(1, key), Bytes(2, anyValue));

    // message Status { string message = 2; StatusCode code = 3; }
    public static byte[] Status(int code, string message) => Bytes(15, Text(2, message), Varint(3, (ulong)code));

    public static byte[] Error(string message) => Status(2, message);

    /// <summary>A record of one service with the spans, or log records, of one scope.</summary>
    public static byte[] Record(string service, string scope, params byte[][] items) =>
        ResourceSpans(Service(service), ScopeSpans([Scope(scope), .. items]));

    /// <summary>A record of one policy decision of a millisecond that denied a tool.</summary>
    public static byte[] Denied(string tool) => Record(
        "desk", "kitelogik.tether",
        Span(
            "policy_gate.evaluate",
            Fixed64(7, 1_000_000), Fixed64(8, 2_000_000),
            Attribute("kitelogik.tool_name", tool), Attribute("kitelogik.policy.allow", false), Attribute("kitelogik.policy.deny", true)));

    // message LogsData { repeated ResourceLogs resource_logs = 1; }   message ResourceLogs { repeated ScopeLogs scope_logs = 2; }
    public static byte[] ResourceLogs(params byte[][] parts) => ResourceSpans(parts);

    public static byte[] ScopeLogs(params byte[][] parts) => ScopeSpans(parts);

    // message ScopeLogs { repeated LogRecord log_records = 2; }
    // message LogRecord { repeated KeyValue attributes = 6; fixed64 observed_time_unix_nano = 11; string event_name = 12; }
    public static byte[] LogRecord(string eventName, params byte[][] fields) => Bytes(2, [Fixed64(11, 1), Text(12, eventName), .. fields]);

    public static byte[] LogAttribute(string key, string value) => Bytes(6, Text(1, key), Bytes(2, Text(1, value)));

    public static byte[] Written(Action<WireWriter> write)
    {
        var to = new WireWriter();
        write(to);
        return to.Written.ToArray();
    }
}
