using System.Text;
using SpanMetrics.Aggregation;
using SpanMetrics.Semantics;

namespace SpanMetrics.Tests.Unit;

/// <summary>A policy decision before its texts are symbols.</summary>
internal sealed record SentDecision(string Service, string Tool, Outcome Outcome, RiskTier Tier, ulong? Nanos, double Weight)
{
    private static readonly Outcome[] Outcomes = [Outcome.Allow, Outcome.Deny, Outcome.Hitl];

    // Not fit for labels as they come: a mark of its own, a blank of another width, bytes that say overflow.
    private static readonly string[] OddTools = ["cafe\u0301", "caf\u00e9", "a\u2003b", "__overflow__", "_overflow_"];

    public CountedAs Counted { get; init; } = CountedAs.Span | CountedAs.Decision;

    public Reason Reason { get; init; }

    public string SpanName { get; init; } = "policy_gate.evaluate";

    public string Agent { get; init; } = "none";

    public string Model { get; init; } = "none";

    public string Event { get; init; } = "tool_call";

    public string Source { get; init; } = "kitelogik";

    /// <summary>What must not be lost beyond any limit.</summary>
    public string Governance => string.Join('|', Service, DimensionText.Outcomes[(int)Outcome], DimensionText.RiskTiers[(int)Tier]);

    /// <summary>Durations and weights are whole numbers, and small: their sums do not depend on an order.</summary>
    public static SentDecision Any(Random random, int tools)
    {
        int tool = random.Next(tools + OddTools.Length);
        return new SentDecision(
            random.Next(2) == 0 ? "desk" : "shop",
            tool < tools ? $"tool {tool}" : OddTools[tool - tools],
            Outcomes[random.Next(Outcomes.Length)],
            random.Next(2) == 0 ? RiskTier.Operational : RiskTier.Destructive,
            random.Next(10) == 0 ? null : (ulong)random.NextInt64(20_000_000_000),
            random.Next(1, 4));
    }

    public ClassifiedSpan In(SymbolTable symbols)
    {
        var span = new ClassifiedSpan
        {
            Counted = Counted,
            Closed = ClosedValues.Place(Dimension.Outcome, (int)Outcome) | ClosedValues.Place(Dimension.Deny, Outcome == Outcome.Deny ? 1 : 0)
                | ClosedValues.Place(Dimension.RiskTier, (int)Tier) | ClosedValues.Place(Dimension.Reason, (int)Reason),
            Weight = Weight,
            DurationNanos = Nanos is ulong nanos ? (long)Math.Min(nanos, long.MaxValue) : ClassifiedSpan.NoDuration,
        };
        foreach (Dimension dimension in DimensionText.All.Where(DimensionText.IsText))
        {
            span.Text[(int)dimension] = symbols.InternOwn("none");
        }

        Set(Dimension.ServiceName, Service);
        Set(Dimension.SpanName, SpanName);
        Set(Dimension.Agent, Agent);
        Set(Dimension.Tool, Tool);
        Set(Dimension.Model, Model);
        Set(Dimension.Event, Event);
        Set(Dimension.Source, Source);
        return span;

        void Set(Dimension dimension, string text) => span.Text[(int)dimension] = symbols.Intern(Encoding.UTF8.GetBytes(text), dimension is Dimension.ServiceName or Dimension.Source);
    }
}
