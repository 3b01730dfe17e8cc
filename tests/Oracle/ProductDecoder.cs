using System.Text;
using SpanMetrics.Otlp;
using SpanMetrics.Semantics;

namespace SpanMetrics.Oracle;

/// <summary>What the product's decoder gives of a record, in the oracle's words.</summary>
internal sealed class ProductDecoder
{
    private readonly TracesDecoder _decoder = new(Keys.Selector);

    public PlainRecord Decode(ReadOnlySpan<byte> record)
    {
        var visitor = new Visitor(new PlainRecord());
        visitor.Seen.Status = _decoder.Decode(record, ref visitor) switch
        {
            DecodeStatus.Ok => PlainStatus.Ok,
            DecodeStatus.Empty => PlainStatus.Empty,
            DecodeStatus.NotOtlp => PlainStatus.NotOtlp,
            DecodeStatus.WrongSignal => PlainStatus.WrongSignal,
            _ => PlainStatus.Broken,
        };
        return visitor.Seen;
    }

    private readonly struct Visitor(PlainRecord seen) : ISpanVisitor
    {
        public PlainRecord Seen => seen;

        public void Visit(in SpanView span) => seen.Spans.Add(new PlainSpan
        {
            TraceId = Text(span.TraceId),
            SpanId = Text(span.SpanId),
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

        public void VisitInvalid() => seen.Invalid++;

        public void Restart()
        {
            seen.Spans.Clear();
            seen.Invalid = 0;
        }

        private static PlainValues Values(AttributeSlots slots)
        {
            var values = new PlainValues();
            Span<byte> scratch = stackalloc byte[32];
            for (int slot = 0; slot < AskedKeys.All.Length; slot++)
            {
                AttributeValue value = slots[slot];
                if (value.Kind != AttributeKind.Missing)
                {
                    values.Put(slot, new PlainValue(KindOf(value.Kind), Text(value.AsText(scratch)), value.AsBool()));
                }
            }

            return values;
        }

        private static PlainKind KindOf(AttributeKind kind) => kind switch
        {
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
