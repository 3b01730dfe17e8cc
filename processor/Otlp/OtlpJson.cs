using System.Text.Json;
using System.Text.Unicode;
using static SpanMetrics.Otlp.JsonFields;

namespace SpanMetrics.Otlp;

/// <summary>
/// OTLP/JSON to the protobuf bytes of the same message, so that there is one decoder and one set of rules.
/// A field of the wrong JSON type is passed over like an unknown one: a bad sibling must not hide a deny.
/// Source: opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
/// </summary>
internal static class OtlpJson
{
    // An attribute value nests three levels of JSON for one of AnyValue; spans and log records themselves lie seven deep.
    private const int MaxDepth = 64;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    // message TracesData { repeated ResourceSpans resource_spans = 1; }
    /// <summary>False, with nothing written, if the text is not one JSON object with `resourceSpans` (or an empty one).</summary>
    public static bool TryTranscodeTraces(ReadOnlySpan<byte> json, WireWriter to) =>
        TryTranscode(json, to, "resourceSpans"u8, JsonTraces.ResourceSpans);

    // message LogsData { repeated ResourceLogs resource_logs = 1; }
    /// <summary>The same with `resourceLogs`.</summary>
    public static bool TryTranscodeLogs(ReadOnlySpan<byte> json, WireWriter to) =>
        TryTranscode(json, to, "resourceLogs"u8, JsonLogs.ResourceLogs);

    private static bool TryTranscode(ReadOnlySpan<byte> json, WireWriter to, ReadOnlySpan<byte> field, BodyOf body)
    {
        int start = to.Length;
        if (Utf8.IsValid(json) && TryReadRequest(json, to, field, body))
        {
            return true;
        }
        to.Truncate(start);
        return false;
    }

    private static bool TryReadRequest(ReadOnlySpan<byte> json, WireWriter to, ReadOnlySpan<byte> field, BodyOf body)
    {
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }
            // Other signals are objects too, all of whose fields would be "unknown": without the field a non-empty
            // object is another message, not an empty batch.
            bool empty = true;
            bool found = false;
            while (NextField(ref reader, out ReadOnlySpan<byte> name))
            {
                empty = false;
                if (!name.SequenceEqual(field))
                {
                    reader.Skip();
                    continue;
                }
                if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.Null))
                {
                    return false;
                }
                found = true;
                Repeated(ref reader, to, 1, body);
            }
            return !reader.Read() && (found || empty);   // Read throws where more than white space follows
        }
        catch (JsonException)
        {
            return false;   // Utf8JsonReader has no other way to say so
        }
    }
}
