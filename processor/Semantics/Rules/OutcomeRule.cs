using SpanMetrics.Otlp;

namespace SpanMetrics.Semantics;

/// <summary>An entry of <c>outcomes</c>: what was decided. The first that fits counts.</summary>
internal sealed record OutcomeRule
{
    /// <summary>By class: whether the rule is for its spans.</summary>
    public required CountedAs Classes { get; init; }

    public required Condition Condition { get; init; }

    public bool Anywhere { get; init; }

    /// <summary>Null: says nothing of the outcome.</summary>
    public Outcome? Outcome { get; init; }

    public Reason Reason { get; init; }

    /// <summary>Counts where the span itself says none.</summary>
    public RiskTier RiskTier { get; init; }

    /// <summary>Null: the label <c>status</c> is the span's own.</summary>
    public SpanStatus? Status { get; init; }

    public required string Place { get; init; }
}
