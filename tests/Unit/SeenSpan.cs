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
    public static SeenSpan Of(in SpanView span, SpanClassifier classifier)
    {
        classifier.Classify(span, out ClassifiedSpan classified);
        return new SeenSpan(
            Text(span.Name), Convert.ToHexString(span.SpanId), Text(span.ScopeName), Text(span.StatusMessage),
            span.Kind.ToString(), span.Status.ToString(), span.StartUnixNano, span.EndUnixNano,
            DimensionText.Classes[(int)classified.Class], DimensionText.Outcomes[(int)classified.Outcome],
            DimensionText.Reasons[(int)classified.Reason], DimensionText.RiskTiers[(int)classified.RiskTier], classified.Deny,
            Text(classified.ServiceName), Text(classified.Agent), Text(classified.Tool), Text(classified.Model),
            Text(classified.Event), DimensionText.Emitters[(int)classified.Source]);
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
