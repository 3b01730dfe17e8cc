using System.Text;
using Google.Protobuf;
using SpanMetrics.Oracle.Read;
using SpanMetrics.Otlp;

namespace SpanMetrics.Oracle;

/// <summary>
/// What a record must give, said the slow and obvious way. Containers are split field by field, each span or log record is parsed by
/// Google.Protobuf on its own. The promise for broken bytes:
/// a message counts up to its first broken byte; a container cut short (the record, that of a resource, that of a scope) counts as
/// far as it goes; an item with a broken byte in itself, an attribute or its status is one invalid item and hides nothing beside it;
/// a broken attribute of a resource is passed over; a value that cannot be read is missing, and leaves the one before where
/// it is repeated in its attribute or log record.
/// </summary>
internal static class PlainDecoder
{
    /// <summary>A value that is asked for and has more is missing.</summary>
    private const int FieldsOfValue = 16;

    /// <summary>Beyond it Google.Protobuf may refuse an item, for it counts the messages around a group too; then the oracle cannot say.</summary>
    public const int DeepGroups = PlainMessage.GroupDepthLimit - 10;

    private const int BodyField = 5;
    private const int StatusField = 15;

    public static PlainRecord Decode(byte[] record, Signal signal)
    {
        bool isSpans = signal == Signal.Traces;
        (int attributesField, int[] timeFields, int[] readApart) = isSpans ? (9, new[] { 7 }, new[] { 9, 11, 13 }) : (6, [1, 11], [BodyField, 6]);
        var result = new PlainRecord();
        if (record.Length == 0)
        {
            result.Status = PlainStatus.Empty;
            return result;
        }

        PlainMessage whole = Split(new PlainField(0, 2, 0, 0, 0, record.Length, true));
        PlainField[] resources = [.. whole.Fields.Where(field => field is { Number: 1, Type: 2 })];
        foreach (PlainField field in resources)
        {
            DecodeResource(Split(field));
        }

        result.Status = result.Items.Count == 0 && result.OtherSignals.Count > 0 ? PlainStatus.WrongSignal
            : resources.Length == 0 ? PlainStatus.NotOtlp
            : result.Faults != WireFault.None ? PlainStatus.Broken
            : PlainStatus.Ok;
        return result;

        void DecodeResource(PlainMessage message)
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
                DecodeScope(Split(field), resource);
            }
        }

        void DecodeScope(PlainMessage message, PlainValues resource)
        {
            string scopeName = "";
            foreach (PlainField name in message.Fields.Where(field => field.IsMessage(1)).SelectMany(scope => Split(scope).Fields).Where(field => field.IsMessage(1)))
            {
                scopeName = Encoding.Latin1.GetString(record.AsSpan(name.Start..name.End));
            }

            foreach (PlainField field in message.Fields.Where(field => field.IsMessage(2)))
            {
                DecodeItem(field, scopeName, resource);
            }
        }

        void DecodeItem(PlainField item, string scopeName, PlainValues resource)
        {
            var message = new PlainMessage(record, item);
            WireFault fault = message.Fault;
            ulong[] times = new ulong[timeFields.Length];
            foreach (PlainField field in message.Fields)
            {
                if (field is { Type: 1, IsWhole: true } && Array.IndexOf(timeFields, field.Number) is >= 0 and int time)
                {
                    times[time] = BitConverter.ToUInt64(record, field.Start);
                }

                if (field.IsMessage(attributesField) || (isSpans && field.IsMessage(StatusField)))
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

            // Every real span has a start, every real log record a time. What has none may be of another signal, and is not broken then.
            if (times.All(time => time == 0) && PlainSignal.IsOther(record, message, signal))
            {
                result.OtherSignals.Add(result.Items.Count + result.Invalid);
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

            var attributes = new PlainValues();
            foreach (PlainField attribute in message.Fields.Where(field => field.IsMessage(attributesField)))
            {
                Keep(KeyValue.Parser.ParseFrom(record.AsSpan(attribute.Start..attribute.End)), attributes);
            }

            IEnumerable<ByteString> body = message.Fields.Where(field => field.IsMessage(BodyField))
                .Select(field => ByteString.CopyFrom(record.AsSpan(field.Start..field.End)));
            result.Items.Add(isSpans
                ? GoogleParse.SpanOf(Parsed(new Otlp.Span(), message), scopeName, resource) with { Attributes = attributes }
                : GoogleParse.LogRecordOf(Parsed(new Otlp.LogRecord(), message), scopeName, resource) with { Attributes = attributes, Body = Merged(body, isAsked: true) });
        }

        // All but what is read on its own above, or not at all.
        TMessage Parsed<TMessage>(TMessage to, PlainMessage from)
            where TMessage : IMessage
        {
            foreach (PlainField field in from.Fields.Where(field => field.Type != 2 || !readApart.Contains(field.Number)))
            {
                to.MergeFrom(record.AsSpan(field.TagStart..field.End));
            }

            return to;
        }

        PlainMessage Split(PlainField field)
        {
            var message = new PlainMessage(record, field);
            result.Note(message.Fault, message.GroupDepth);
            return message;
        }

        void Keep(KeyValue attribute, PlainValues to)
        {
            string key = GoogleParse.Text(attribute.Key);
            to.Put(key, Merged(attribute.Value, AskedKeys.Has(key)));
            to.NoteSent(key, attribute.Value.Any(part => part.Length > 0));
        }

        // What the product skips by length makes a record no worse.
        PlainValue Merged(IEnumerable<ByteString> parts, bool isAsked)
        {
            var merged = new AnyValue();
            foreach (ByteString part in parts)
            {
                var message = new PlainMessage(part.ToByteArray(), 0, part.Length);
                bool isCrowded = message.Fields.Count > FieldsOfValue;
                if (isAsked)
                {
                    result.ValueFaults |= message.Fault;
                    result.Note(WireFault.None, message.GroupDepth);
                    result.HasCrowdedValue |= isCrowded;
                }

                if (message.Fault == WireFault.None && message.GroupDepth <= DeepGroups && result.GroupDepth <= DeepGroups && !isCrowded)
                {
                    merged.MergeFrom(part);
                }
            }

            return merged.ValueCase switch
            {
                AnyValue.ValueOneofCase.None => PlainValue.Missing,
                AnyValue.ValueOneofCase.StringValue => PlainValue.Of(merged.StringValue.Span),
                AnyValue.ValueOneofCase.BoolValue => PlainValue.Of(merged.BoolValue),
                AnyValue.ValueOneofCase.IntValue => PlainValue.Of(merged.IntValue),
                AnyValue.ValueOneofCase.DoubleValue => PlainValue.Of(merged.DoubleValue),
                AnyValue.ValueOneofCase.ArrayValue => PlainValue.Array,
                AnyValue.ValueOneofCase.KvlistValue => PlainValue.Map,
                _ => PlainValue.Bytes,
            };
        }
    }
}
