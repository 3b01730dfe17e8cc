namespace SpanMetrics.Oracle;

internal sealed record PlainSpan : PlainItem
{
    public required string ParentSpanId { get; init; }

    public required string TraceState { get; init; }

    public required string Name { get; init; }

    public required string StatusMessage { get; init; }

    /// <summary>0 to 5; a number that OTLP does not know is 0.</summary>
    public required int Kind { get; init; }

    /// <summary>0 to 2; a number that OTLP does not know is 0.</summary>
    public required int Status { get; init; }

    public required ulong StartUnixNano { get; init; }

    public required ulong EndUnixNano { get; init; }
}
