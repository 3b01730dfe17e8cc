namespace SpanMetrics.Oracle;

internal sealed record PlainLogRecord : PlainItem
{
    public required string EventName { get; init; }

    public required string SeverityText { get; init; }

    /// <summary>0 to 24; a number that OTLP does not know is 0.</summary>
    public required int SeverityNumber { get; init; }

    public required ulong TimeUnixNano { get; init; }

    public required ulong ObservedTimeUnixNano { get; init; }

    public required PlainValue Body { get; init; }
}
