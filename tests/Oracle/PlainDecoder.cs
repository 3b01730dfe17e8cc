using System.Text;
using Google.Protobuf;
using SpanMetrics.Oracle.Read;

namespace SpanMetrics.Oracle;

/// <summary>
/// What a record must give, said the slow and obvious way. Containers are split field by field, each span is parsed by
/// Google.Protobuf on its own. The promise for broken bytes:
/// a message counts up to its first broken byte; a container cut short (the record, ResourceSpans, ScopeSpans) counts as far as
/// it goes; a span with a broken byte in itself, an attribute or its status is one invalid span and hides nothing beside it;
/// a broken attribute of a resource is passed over; a value that cannot be read is missing, and leaves the one before where
/// it is repeated in its attribute.
/// </summary>
internal static class PlainDecoder
{
    /// <summary>Beyond it Google.Protobuf may refuse a span, for it counts the messages around a group too; then the oracle cannot say.</summary>
    public const int DeepGroups = PlainMessage.GroupDepthLimit - 10;

    public static PlainRecord Decode(byte[] record)
    {
        var result = new PlainRecord();
        if (record.Length == 0)
        {
            result.Status = PlainStatus.Empty;
            return result;
        }

        PlainMessage traces = Split(new PlainField(0, 2, 0, 0, 0, record.Length, true));
        PlainField[] resourceSpans = [.. traces.Fields.Where(field => field is { Number: 1, Type: 2 })];
        foreach (PlainField field in resourceSpans)
        {
            DecodeResourceSpans(Split(field));
        }

        result.Status = result.Spans.Count == 0 && result.OtherSignals.Count > 0 ? PlainStatus.WrongSignal
            : resourceSpans.Length == 0 ? PlainStatus.NotOtlp
            : result.Faults != WireFault.None ? PlainStatus.Broken
            : PlainStatus.Ok;
        return result;

        void DecodeResourceSpans(PlainMessage message)
        {
            var resource = new PlainValues();
            foreach (PlainField field in message.Fields.Where(field => field.IsMessage(1)))
            {
                foreach (PlainField attribute in Split(field).Fields.Where(attribute => attribute.IsMessage(1)))
                {
                    if (Split(attribute).Fault == WireFault.None && result.GroupDepth <= DeepGroups)
                    {
                        Keep(KeyValue.Parser.ParseFrom(record.AsSpan(attribute.Start..attribute.End)), resource);
                    }
                }
            }

            foreach (PlainField field in message.Fields.Where(field => field is { Number: 2, Type: 2 }))
            {
                DecodeScopeSpans(Split(field), resource);
            }
        }

        void DecodeScopeSpans(PlainMessage message, PlainValues resource)
        {
            string scopeName = "";
            foreach (PlainField name in message.Fields.Where(field => field.IsMessage(1)).SelectMany(scope => Split(scope).Fields).Where(field => field.IsMessage(1)))
            {
                scopeName = Encoding.Latin1.GetString(record.AsSpan(name.Start..name.End));
            }

            foreach (PlainField field in message.Fields.Where(field => field.IsMessage(2)))
            {
                DecodeSpan(field, scopeName, resource);
            }
        }

        void DecodeSpan(PlainField span, string scopeName, PlainValues resource)
        {
            var message = new PlainMessage(record, span);
            WireFault fault = message.Fault;
            ulong start = 0;
            foreach (PlainField field in message.Fields)
            {
                if (field is { Number: 7, Type: 1, IsWhole: true })
                {
                    start = BitConverter.ToUInt64(record, field.Start);
                }

                if (field.IsMessage(9) || field.IsMessage(15))
                {
                    var inner = new PlainMessage(record, field);
                    result.Note(WireFault.None, inner.GroupDepth);
                    if (inner.Fault != WireFault.None)
                    {
                        fault = inner.Fault;
                        break;
                    }
                }
            }

            // Every real span has a start. What has none may be of another signal, and is no broken span then.
            if (start == 0 && PlainSignal.IsOther(record, message))
            {
                result.OtherSignals.Add(result.Spans.Count + result.Invalid);
                result.Invalid++;
                return;
            }

            result.Note(fault, message.GroupDepth);
            if (fault != WireFault.None)
            {
                result.Invalid++;
                return;
            }

            if (result.GroupDepth > DeepGroups)
            {
                return;
            }

            Span parsed = Span.Parser.ParseFrom(record.AsSpan(span.Start..span.End));
            var attributes = new PlainValues();
            foreach (KeyValue attribute in parsed.Attributes)
            {
                Keep(attribute, attributes);
            }

            result.Spans.Add(new PlainSpan
            {
                TraceId = GoogleParse.Text(parsed.TraceId),
                SpanId = GoogleParse.Text(parsed.SpanId),
                TraceState = GoogleParse.Text(parsed.TraceState),
                Name = GoogleParse.Text(parsed.Name),
                ScopeName = scopeName,
                StatusMessage = GoogleParse.Text(parsed.Status?.Message),
                Kind = parsed.Kind is >= 0 and <= 5 ? parsed.Kind : 0,
                Status = parsed.Status?.Code is int code and >= 0 and <= 2 ? code : 0,
                StartUnixNano = parsed.StartTimeUnixNano,
                EndUnixNano = parsed.EndTimeUnixNano,
                Attributes = attributes,
                Resource = resource,
            });
        }

        PlainMessage Split(PlainField field)
        {
            var message = new PlainMessage(record, field);
            result.Note(message.Fault, message.GroupDepth);
            return message;
        }

        void Keep(KeyValue attribute, PlainValues to)
        {
            if (AskedKeys.IndexOf(attribute.Key) is not int index)
            {
                return;
            }

            var merged = new AnyValue();
            foreach (ByteString part in attribute.Value)
            {
                var message = new PlainMessage(part.ToByteArray(), 0, part.Length);
                result.ValueFaults |= message.Fault;
                result.Note(WireFault.None, message.GroupDepth);
                if (message.Fault == WireFault.None && result.GroupDepth <= DeepGroups)
                {
                    merged.MergeFrom(part);
                }
            }

            to.Put(index, merged.ValueCase switch
            {
                AnyValue.ValueOneofCase.None => PlainValue.Missing,
                AnyValue.ValueOneofCase.StringValue => PlainValue.Of(merged.StringValue.Span),
                AnyValue.ValueOneofCase.BoolValue => PlainValue.Of(merged.BoolValue),
                AnyValue.ValueOneofCase.IntValue => PlainValue.Of(merged.IntValue),
                AnyValue.ValueOneofCase.DoubleValue => PlainValue.Of(merged.DoubleValue),
                AnyValue.ValueOneofCase.ArrayValue => PlainValue.Array,
                AnyValue.ValueOneofCase.KvlistValue => PlainValue.Map,
                _ => PlainValue.Bytes,
            });
        }
    }
}
