using System.Text;
using System.Text.Json;
using SpanMetrics.Aggregation;
using SpanMetrics.Ingest;
using SpanMetrics.Otlp;
using SpanMetrics.Semantics;

namespace SpanMetrics.Pipeline;

/// <summary>Prints what the classifier says of each span, and where each value came from, with the values as labels would show them.</summary>
internal sealed class SpanExplainer(TextWriter output, bool json, string? onlyTrace) : IRecordSink
{
    private readonly TracesDecoder _decoder = new(Keys.Selector);
    private readonly LogsDecoder _logsDecoder = new(Keys.Selector);
    private readonly SpanClassifier _classifier = new();
    private readonly StringBuilder _lines = new(); // of the record being taken
    private int _record = -1;

    public void Take(ReadOnlySpan<byte> value, bool isNull, RecordSignal signal)
    {
        _record++;
        DecodeStatus status = isNull ? DecodeStatus.Null : Decode(value, signal);
        if (status != DecodeStatus.Ok)
        {
            Say("record", $"{_record}", "broken", SignalCounts.ReasonOf(status));
        }

        output.Write(_lines);
        _lines.Clear();
    }

    private DecodeStatus Decode(ReadOnlySpan<byte> value, RecordSignal signal)
    {
        if (signal == RecordSignal.Logs)
        {
            var logs = new LogVisitor(this);
            return _logsDecoder.Decode(value, ref logs);
        }

        var spans = new ExplainingVisitor(this);
        return _decoder.Decode(value, ref spans);
    }

    private void Say(string what, string id, string verb, string why)
    {
        if (json)
        {
            _lines.AppendLine($$"""{"{{what}}":"{{id}}","{{verb}}":"{{why}}"}""");
        }
        else
        {
            _lines.AppendLine($"{what} {id}: {verb}, {why}");
        }
    }

    private void Explain(in SpanView span)
    {
        string trace = Convert.ToHexStringLower(span.TraceId), id = Convert.ToHexStringLower(span.SpanId);
        if (onlyTrace is not null && !trace.Equals(onlyTrace, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        _classifier.Classify(span, out ClassifiedSpan classified);
        string kind = DimensionText.Classes[(int)classified.Class];
        string outcome = DimensionText.Outcomes[(int)classified.Outcome];
        if (json)
        {
            using var buffer = new MemoryStream();
            using (var line = new Utf8JsonWriter(buffer))
            {
                line.WriteStartObject();
                line.WriteNumber("record", _record);
                line.WriteString("trace_id", trace);
                line.WriteString("span_id", id);
                line.WriteString("class", kind);
                line.WriteString("outcome", outcome);
                line.WriteStartObject("dimensions");
                foreach (Dimension dimension in DimensionText.All)
                {
                    line.WriteStartObject(DimensionText.NameOf(dimension));
                    line.WriteString("value", ValueOf(classified, dimension));
                    line.WriteString("from", classified.OriginOf(dimension).ToString());
                    line.WriteEndObject();
                }

                line.WriteEndObject();
                line.WriteEndObject();
            }

            _lines.AppendLine(Encoding.UTF8.GetString(buffer.ToArray()));
            return;
        }

        _lines.AppendLine($"span {id} of trace {trace}, record {_record}: class {kind}, outcome {outcome}");
        foreach (Dimension dimension in DimensionText.All)
        {
            _lines.AppendLine($"  {DimensionText.NameOf(dimension),-13} {ValueOf(classified, dimension),-34} {classified.OriginOf(dimension)}");
        }
    }

    private void ExplainLog(in LogRecordView logRecord)
    {
        string trace = Convert.ToHexStringLower(logRecord.TraceId), span = Convert.ToHexStringLower(logRecord.SpanId);
        if (onlyTrace is null || trace.Equals(onlyTrace, StringComparison.OrdinalIgnoreCase))
        {
            Say("log", span.Length > 0 ? span : "?", "filtered", "no view counts log records");
        }
    }

    private static string ValueOf(in ClassifiedSpan span, Dimension dimension)
    {
        string[] closed = DimensionText.ClosedValuesOf(dimension);
        return closed.Length > 0
            ? closed[ClosedValues.ValueOf(ClosedValues.Pack(span), dimension)]
            : Encoding.UTF8.GetString(LabelValue.Of(span.Text(dimension)));
    }

    private readonly ref struct ExplainingVisitor(SpanExplainer explainer) : ISpanVisitor
    {
        public void Visit(in SpanView span) => explainer.Explain(span);

        public void VisitInvalid() => explainer.Say("span", "?", "invalid", "its own bytes are broken");

        public void Restart() => explainer._lines.Clear();
    }

    private readonly ref struct LogVisitor(SpanExplainer explainer) : ILogRecordVisitor
    {
        public void Visit(in LogRecordView logRecord) => explainer.ExplainLog(logRecord);

        public void VisitInvalid() => explainer.Say("log", "?", "invalid", "its own bytes are broken");

        public void Restart() => explainer._lines.Clear();
    }
}
