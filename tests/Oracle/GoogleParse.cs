using System.Diagnostics.CodeAnalysis;
using System.Text;
using Google.Protobuf;
using SpanMetrics.Oracle.Otlp;

namespace SpanMetrics.Oracle;

/// <summary>The spans of a record by Google.Protobuf's parse of the whole of it: no part is left out, and a fault anywhere is the record's.</summary>
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

    public static List<PlainSpan> SpansOf(TracesData traces)
    {
        var spans = new List<PlainSpan>();
        foreach (ResourceSpans resourceSpans in traces.ResourceSpans)
        {
            PlainValues resource = ValuesOf(resourceSpans.Resource?.Attributes ?? []);
            foreach (ScopeSpans scopeSpans in resourceSpans.ScopeSpans)
            {
                foreach (Span span in scopeSpans.Spans)
                {
                    spans.Add(new PlainSpan
                    {
                        TraceId = Text(span.TraceId),
                        SpanId = Text(span.SpanId),
                        TraceState = Text(span.TraceState),
                        Name = Text(span.Name),
                        ScopeName = Text(scopeSpans.Scope?.Name),
                        StatusMessage = Text(span.Status?.Message),
                        Kind = span.Kind is >= 0 and <= 5 ? span.Kind : 0,
                        Status = span.Status?.Code is int code and >= 0 and <= 2 ? code : 0,
                        StartUnixNano = span.StartTimeUnixNano,
                        EndUnixNano = span.EndTimeUnixNano,
                        Attributes = ValuesOf(span.Attributes),
                        Resource = resource,
                    });
                }
            }
        }

        return spans;
    }

    public static string Text(ByteString? bytes) => bytes is null ? "" : Encoding.Latin1.GetString(bytes.Span);

    private static PlainValues ValuesOf(IEnumerable<KeyValue> attributes)
    {
        var values = new PlainValues();
        foreach (KeyValue attribute in attributes)
        {
            if (AskedKeys.IndexOf(attribute.Key) is int index)
            {
                values.Put(index, ValueOf(attribute.Value));
            }
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
