using System.Diagnostics.CodeAnalysis;
using System.Text;
using Google.Protobuf;
using SpanMetrics.Oracle.Otlp;

namespace SpanMetrics.Oracle;

/// <summary>The spans or log records of a record by Google.Protobuf's parse of the whole of it: no part is left out, and a fault anywhere is the record's.</summary>
internal static class GoogleParse
{
    public static bool TryParse<TMessage>(MessageParser<TMessage> parser, byte[] record, [NotNullWhen(true)] out TMessage? message)
        where TMessage : class, IMessage<TMessage>
    {
        try
        {
            message = parser.ParseFrom(record);
            return true;
        }
        catch (Exception refusal) when (refusal is InvalidProtocolBufferException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            // Its sum of an offset and a length just under 2^31 overflows (3.25.1); then it reads past the array.
            message = null;
            return false;
        }
    }

    public static List<PlainItem> ItemsOf(TracesData traces) =>
    [
        .. from resourceSpans in traces.ResourceSpans
           let resource = ValuesOf(resourceSpans.Resource?.Attributes ?? [])
           from scopeSpans in resourceSpans.ScopeSpans
           from span in scopeSpans.Spans
           select SpanOf(span, Text(scopeSpans.Scope?.Name), resource),
    ];

    public static List<PlainItem> ItemsOf(LogsData logs) =>
    [
        .. from resourceLogs in logs.ResourceLogs
           let resource = ValuesOf(resourceLogs.Resource?.Attributes ?? [])
           from scopeLogs in resourceLogs.ScopeLogs
           from logRecord in scopeLogs.LogRecords
           select LogRecordOf(logRecord, Text(scopeLogs.Scope?.Name), resource),
    ];

    public static PlainSpan SpanOf(Span span, string scopeName, PlainValues resource) => new()
    {
        TraceId = Text(span.TraceId),
        SpanId = Text(span.SpanId),
        ParentSpanId = Text(span.ParentSpanId),
        TraceState = Text(span.TraceState),
        Name = Text(span.Name),
        ScopeName = scopeName,
        StatusMessage = Text(span.Status?.Message),
        Kind = span.Kind is >= 0 and <= 5 ? span.Kind : 0,
        Status = span.Status?.Code is int code and >= 0 and <= 2 ? code : 0,
        StartUnixNano = span.StartTimeUnixNano,
        EndUnixNano = span.EndTimeUnixNano,
        Attributes = ValuesOf(span.Attributes),
        Resource = resource,
    };

    public static PlainLogRecord LogRecordOf(LogRecord logRecord, string scopeName, PlainValues resource) => new()
    {
        TraceId = Text(logRecord.TraceId),
        SpanId = Text(logRecord.SpanId),
        EventName = Text(logRecord.EventName),
        ScopeName = scopeName,
        SeverityText = Text(logRecord.SeverityText),
        SeverityNumber = logRecord.SeverityNumber is >= 0 and <= 24 ? logRecord.SeverityNumber : 0,
        TimeUnixNano = logRecord.TimeUnixNano,
        ObservedTimeUnixNano = logRecord.ObservedTimeUnixNano,
        Body = ValueOf(logRecord.Body),
        Attributes = ValuesOf(logRecord.Attributes),
        Resource = resource,
    };

    public static string Text(ByteString? bytes) => bytes is null ? "" : Encoding.Latin1.GetString(bytes.Span);

    private static PlainValues ValuesOf(IEnumerable<KeyValue> attributes)
    {
        var values = new PlainValues();
        foreach (KeyValue attribute in attributes)
        {
            values.Put(Text(attribute.Key), ValueOf(attribute.Value));
        }

        return values;
    }

    private static PlainValue ValueOf(AnyValue? value) => value?.ValueCase switch
    {
        null or AnyValue.ValueOneofCase.None => PlainValue.Missing,
        AnyValue.ValueOneofCase.StringValue => PlainValue.Of(value.StringValue.Span),
        AnyValue.ValueOneofCase.BoolValue => PlainValue.Of(value.BoolValue),
        AnyValue.ValueOneofCase.IntValue => PlainValue.Of(value.IntValue),
        AnyValue.ValueOneofCase.DoubleValue => PlainValue.Of(value.DoubleValue),
        AnyValue.ValueOneofCase.ArrayValue => PlainValue.Array,
        AnyValue.ValueOneofCase.KvlistValue => PlainValue.Map,
        _ => PlainValue.Bytes,
    };
}
