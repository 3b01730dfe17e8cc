namespace SpanMetrics.Oracle;

/// <summary>Everything that a span says to the worker. Text is one char a byte.</summary>
internal sealed record PlainSpan
{
    public required string TraceId { get; init; }

    public required string SpanId { get; init; }

    public required string TraceState { get; init; }

    public required string Name { get; init; }

    public required string ScopeName { get; init; }

    public required string StatusMessage { get; init; }

    /// <summary>0 to 5; a number that OTLP does not know is 0.</summary>
    public required int Kind { get; init; }

    /// <summary>0 to 2; a number that OTLP does not know is 0.</summary>
    public required int Status { get; init; }

    public required ulong StartUnixNano { get; init; }

    public required ulong EndUnixNano { get; init; }

    public required PlainValues Attributes { get; init; }

    public required PlainValues Resource { get; init; }
}
