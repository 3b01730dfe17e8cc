using System.Text;
using SpanMetrics.Otlp;

namespace SpanMetrics.Tests.Unit;

/// <summary>A copy of what the decoder showed of a log record.</summary>
internal sealed record SeenLogRecord(
    string EventName, string TraceId, string SpanId, string ScopeName, int SeverityNumber, string SeverityText, ulong Time, ulong Observed,
    AttributeKind BodyKind, string Body, string Service, string Provider, string HttpStatus)
{
    public static AttributeSelector Selector { get; } = new(["service.name", "gen_ai.system", "http.status"], (_, _, _) => true);

    public static SeenLogRecord Of(in LogRecordView log) => new(
        Text(log.EventName), Convert.ToHexString(log.TraceId), Convert.ToHexString(log.SpanId), Text(log.ScopeName),
        log.SeverityNumber, Text(log.SeverityText), log.TimeUnixNano, log.ObservedTimeUnixNano,
        log.Body.Kind, Text(log.Body), Text(log.Resource[0]), Text(log.Attributes[1]), Text(log.Attributes[2]));

    private static string Text(AttributeValue value) => Text(value.AsText(new byte[32]));

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
