using SpanMetrics.Otlp;

namespace SpanMetrics.Semantics;

/// <summary>A span with what it means. Borrows from the record and from the classifier's scratch: valid until the next span.</summary>
internal ref struct ClassifiedSpan
{
    public SpanClass Class;
    public Outcome Outcome;
    public RiskTier RiskTier;
    public Reason Reason;
    public Emitter Source;
    public SpanKind Kind;
    public SpanStatus Status;
    public ReadOnlySpan<byte> ServiceName;
    public ReadOnlySpan<byte> SpanName;
    public ReadOnlySpan<byte> Agent;
    public ReadOnlySpan<byte> Tool;
    public ReadOnlySpan<byte> Model;
    public ReadOnlySpan<byte> Event;

    /// <summary>How many spans this one stands for, since its sampler let only some through: at least 1.</summary>
    public double Weight;

    /// <summary>Null for a span without both its times.</summary>
    public ulong? DurationNanos;

    public Origin OutcomeFrom;
    public Origin RiskTierFrom;
    public Origin ServiceNameFrom;
    public Origin AgentFrom;
    public Origin ToolFrom;
    public Origin ModelFrom;
    public Origin EventFrom;

    public readonly bool Deny => Outcome == Outcome.Deny;

    /// <summary>The value of a dimension that takes text from spans.</summary>
    public readonly ReadOnlySpan<byte> Text(Dimension dimension) => dimension switch
    {
        Dimension.ServiceName => ServiceName,
        Dimension.SpanName => SpanName,
        Dimension.Agent => Agent,
        Dimension.Tool => Tool,
        Dimension.Model => Model,
        Dimension.Event => Event,
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "has a closed set of values"),
    };

    public readonly Origin OriginOf(Dimension dimension) => dimension switch
    {
        Dimension.ServiceName => ServiceNameFrom,
        Dimension.SpanName => new Origin(OriginKind.SpanName),
        Dimension.SpanKind => new Origin(OriginKind.SpanKind),
        Dimension.StatusCode => new Origin(OriginKind.Status),
        Dimension.RiskTier => RiskTierFrom,
        Dimension.Agent => AgentFrom,
        Dimension.Tool => ToolFrom,
        Dimension.Model => ModelFrom,
        Dimension.Event => EventFrom,
        Dimension.Source => new Origin(Source == Emitter.Other ? OriginKind.Default : OriginKind.Scope),
        _ => OutcomeFrom, // deny and reason follow from the outcome
    };
}
