namespace SpanMetrics.Semantics;

/// <summary>An entry of <c>spans</c> or <c>logs</c>: what a span is.</summary>
internal sealed record ClassRule
{
    public required SpanClass Class { get; init; }

    public required Condition Condition { get; init; }

    /// <summary>Not only for the emitter's own spans.</summary>
    public bool Anywhere { get; init; }

    public CallRole Role { get; init; }

    /// <summary>A tool call that is a delegation too.</summary>
    public bool AlsoDelegation { get; init; }

    /// <summary>File and line.</summary>
    public required string Place { get; init; }
}
