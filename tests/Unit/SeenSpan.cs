using System.Text;
using SpanMetrics.Otlp;
using SpanMetrics.Semantics;

namespace SpanMetrics.Tests.Unit;

/// <summary>A copy of what the decoder showed of a span and what the classifier made of it, as the labels spell it.</summary>
internal sealed record SeenSpan(
    string Name, string Id, string ScopeName, string StatusMessage, string Kind, string Status, ulong Start, ulong End,
    string Class, string Outcome, string Reason, string RiskTier, bool Deny,
    string Service, string Agent, string Tool, string Model, string Event, string Source)
{
    public static SeenSpan Of(in SpanView span, SpanClassifier classifier, SymbolTable symbols)
    {
        var spans = new RecordSpans();
        SpanPlan plan = classifier.Classify(span, spans);
        ClassifiedSpan classified = spans.All[0];
        return new SeenSpan(
            Text(span.Name), Convert.ToHexString(span.SpanId), Text(span.ScopeName), Text(span.StatusMessage),
            span.Kind.ToString(), span.Status.ToString(), span.StartUnixNano, span.EndUnixNano,
            DimensionText.Classes[(int)plan.Class], Closed(Dimension.Outcome), Closed(Dimension.Reason), Closed(Dimension.RiskTier), Closed(Dimension.Deny) == "true",
            Symbol(Dimension.ServiceName), Symbol(Dimension.Agent), Symbol(Dimension.Tool), Symbol(Dimension.Model),
            Symbol(Dimension.Event), Symbol(Dimension.Source));

        string Closed(Dimension dimension) => Text(DimensionText.ClosedBytesOf(dimension, classified.Closed));
        string Symbol(Dimension dimension) => Text(symbols.TextOf(classified.Text[(int)dimension]));
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
