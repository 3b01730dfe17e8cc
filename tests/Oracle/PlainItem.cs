namespace SpanMetrics.Oracle;

/// <summary>Everything that a span or a log record says to the worker. Text is one char a byte.</summary>
internal abstract record PlainItem
{
    public required string TraceId { get; init; }

    public required string SpanId { get; init; }

    public required string ScopeName { get; init; }

    public required PlainValues Attributes { get; init; }

    public required PlainValues Resource { get; init; }
}
