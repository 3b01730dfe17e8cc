using System.Text;
using SpanMetrics.Configuration;
using SpanMetrics.Otlp;
using SpanMetrics.Semantics;

namespace SpanMetrics.Oracle;

/// <summary>What the product's decoders give of a record, in the oracle's words.</summary>
internal sealed class ProductDecoder
{
    private readonly TracesDecoder _traces = new(Emitters.Rules.Selector);
    private readonly LogsDecoder _logs = new(Emitters.Rules.Selector);

    public PlainRecord Decode(ReadOnlySpan<byte> record, Signal signal)
    {
        var visitor = new Visitor(new PlainRecord());
        DecodeStatus status = signal == Signal.Traces ? _traces.Decode(record, ref visitor) : _logs.Decode(record, ref visitor);
        visitor.Seen.Status = status switch
        {
            DecodeStatus.Ok => PlainStatus.Ok,
            DecodeStatus.Empty => PlainStatus.Empty,
            DecodeStatus.NotOtlp => PlainStatus.NotOtlp,
            DecodeStatus.WrongSignal => PlainStatus.WrongSignal,
            _ => PlainStatus.Broken,
        };
        return visitor.Seen;
    }

    private readonly struct Visitor(PlainRecord seen) : ISpanVisitor, ILogRecordVisitor
    {
        public bool TryMakeRoom(bool canRestart) => true;

        public PlainRecord Seen => seen;

        public void Visit(in SpanView span) => seen.Items.Add(new PlainSpan
        {
            TraceId = Text(span.TraceId),
            SpanId = Text(span.SpanId),
            ParentSpanId = Text(span.ParentSpanId),
            TraceState = Text(span.TraceState),
            Name = Text(span.Name),
            ScopeName = Text(span.ScopeName),
            StatusMessage = Text(span.StatusMessage),
            Kind = (int)span.Kind,
            Status = (int)span.Status,
            StartUnixNano = span.StartUnixNano,
            EndUnixNano = span.EndUnixNano,
            Attributes = Values(span.Attributes),
            Resource = Values(span.Resource),
        });

        public void Visit(in LogRecordView logRecord) => seen.Items.Add(new PlainLogRecord
        {
            TraceId = Text(logRecord.TraceId),
            SpanId = Text(logRecord.SpanId),
            EventName = Text(logRecord.EventName),
            ScopeName = Text(logRecord.ScopeName),
            SeverityText = Text(logRecord.SeverityText),
            SeverityNumber = logRecord.SeverityNumber,
            TimeUnixNano = logRecord.TimeUnixNano,
            ObservedTimeUnixNano = logRecord.ObservedTimeUnixNano,
            Body = Value(logRecord.Body),
            Attributes = Values(logRecord.Attributes),
            Resource = Values(logRecord.Resource),
        });

        public void VisitInvalid() => seen.Invalid++;

        public void Restart()
        {
            seen.Items.Clear();
            seen.Invalid = 0;
        }

        private static PlainValues Values(AttributeSlots slots)
        {
            var values = new PlainValues();
            for (int slot = 0; slot < AskedKeys.All.Length; slot++)
            {
                PlainValue value = Value(slots[slot]);
                if (value.Kind != PlainKind.Missing)
                {
                    values.Put(AskedKeys.All[slot], value);
                }
            }

            return values;
        }

        private static PlainValue Value(AttributeValue value) => new(KindOf(value.Kind), Text(value.AsText(stackalloc byte[32])), value.AsBool());

        private static PlainKind KindOf(AttributeKind kind) => kind switch
        {
            AttributeKind.Missing => PlainKind.Missing,
            AttributeKind.String => PlainKind.String,
            AttributeKind.Bool => PlainKind.Bool,
            AttributeKind.Int => PlainKind.Int,
            AttributeKind.Double => PlainKind.Double,
            AttributeKind.Array => PlainKind.Array,
            AttributeKind.Map => PlainKind.Map,
            _ => PlainKind.Bytes,
        };

        private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
    }
}
