using System.Text.Json;
using static SpanMetrics.Otlp.JsonCommon;
using static SpanMetrics.Otlp.JsonFields;

namespace SpanMetrics.Otlp;

/// <summary>The messages of OTLP/JSON that only logs have.</summary>
internal static class JsonLogs
{
    // message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; string schema_url = 3; }
    public static void ResourceLogs(ref Utf8JsonReader json, WireWriter to)
    {
        while (NextField(ref json, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("resource"u8)) { Message(ref json, to, 1, Resource); }
            else if (name.SequenceEqual("scopeLogs"u8)) { Repeated(ref json, to, 2, ScopeLogs); }
            else if (name.SequenceEqual("schemaUrl"u8)) { Text(ref json, to, 3); }
            else { json.Skip(); }
        }
    }

    // message ScopeLogs { InstrumentationScope scope = 1; repeated LogRecord log_records = 2; string schema_url = 3; }
    private static void ScopeLogs(ref Utf8JsonReader json, WireWriter to)
    {
        while (NextField(ref json, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("scope"u8)) { Message(ref json, to, 1, Scope); }
            else if (name.SequenceEqual("logRecords"u8)) { Repeated(ref json, to, 2, LogRecord); }
            else if (name.SequenceEqual("schemaUrl"u8)) { Text(ref json, to, 3); }
            else { json.Skip(); }
        }
    }

    // message LogRecord { fixed64 time_unix_nano = 1; SeverityNumber severity_number = 2; string severity_text = 3;
    //   AnyValue body = 5; repeated KeyValue attributes = 6; uint32 dropped_attributes_count = 7; fixed32 flags = 8;
    //   bytes trace_id = 9; bytes span_id = 10; fixed64 observed_time_unix_nano = 11; string event_name = 12; }
    private static void LogRecord(ref Utf8JsonReader json, WireWriter to)
    {
        while (NextField(ref json, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("timeUnixNano"u8)) { Fixed64(ref json, to, 1); }
            else if (name.SequenceEqual("severityNumber"u8)) { Enumeration(ref json, to, 2, SeverityNamed); }
            else if (name.SequenceEqual("severityText"u8)) { Text(ref json, to, 3); }
            else if (name.SequenceEqual("body"u8)) { Message(ref json, to, 5, AnyValue); }
            else if (name.SequenceEqual("attributes"u8)) { Repeated(ref json, to, 6, KeyValue); }
            else if (name.SequenceEqual("droppedAttributesCount"u8)) { Unsigned(ref json, to, 7); }
            else if (name.SequenceEqual("flags"u8)) { Fixed32(ref json, to, 8); }
            else if (name.SequenceEqual("traceId"u8)) { Id(ref json, to, 9); }
            else if (name.SequenceEqual("spanId"u8)) { Id(ref json, to, 10); }
            else if (name.SequenceEqual("observedTimeUnixNano"u8)) { Fixed64(ref json, to, 11); }
            else if (name.SequenceEqual("eventName"u8)) { Text(ref json, to, 12); }
            else { json.Skip(); }
        }
    }

    // SEVERITY_NUMBER_TRACE = 1, …_TRACE2, …_TRACE3, …_TRACE4, …_DEBUG = 5 and so on to …_FATAL4 = 24
    private static int SeverityNamed(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> prefix = "SEVERITY_NUMBER_"u8;
        if (!name.StartsWith(prefix))
        {
            return -1;
        }
        int more = name[^1] is >= (byte)'2' and <= (byte)'4' ? name[^1] - '1' : 0;
        name = more == 0 ? name[prefix.Length..] : name[prefix.Length..^1];
        int first = name.SequenceEqual("TRACE"u8) ? 1
            : name.SequenceEqual("DEBUG"u8) ? 5
            : name.SequenceEqual("INFO"u8) ? 9
            : name.SequenceEqual("WARN"u8) ? 13
            : name.SequenceEqual("ERROR"u8) ? 17
            : name.SequenceEqual("FATAL"u8) ? 21
            : -1;
        return first < 0 ? first : first + more;
    }
}
