using System.Buffers.Binary;
using SpanMetrics.Otlp;

namespace SpanMetrics.Semantics;

/// <summary>Leads from a number to a span behind it.</summary>
/// <param name="Trace">0 where nothing can be led to.</param>
/// <param name="Span">0 for a log record of no span.</param>
/// <param name="EndUnixNano">When the span ended, or the log record was written.</param>
internal readonly record struct SpanLink(UInt128 Trace, ulong Span, ulong EndUnixNano)
{
    /// <summary>To nothing where the span has no whole ids or no time, or one that is not believed.</summary>
    public static SpanLink Of(in SpanView span, ulong latestUnixNano) => Of(span.TraceId, span.SpanId, span.EndUnixNano, latestUnixNano);

    public static SpanLink Of(in LogRecordView log, ulong latestUnixNano) =>
        Of(log.TraceId, log.SpanId, log.TimeUnixNano != 0 ? log.TimeUnixNano : log.ObservedTimeUnixNano, latestUnixNano);

    private static SpanLink Of(ReadOnlySpan<byte> trace, ReadOnlySpan<byte> span, ulong end, ulong latest) =>
        trace.Length == 16 && end != 0 && end <= latest
            ? new SpanLink(BinaryPrimitives.ReadUInt128BigEndian(trace), span.Length == 8 ? BinaryPrimitives.ReadUInt64BigEndian(span) : 0, end)
            : default;
}
