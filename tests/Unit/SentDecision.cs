using System.Text;
using SpanMetrics.Aggregation;
using SpanMetrics.Semantics;

namespace SpanMetrics.Tests.Unit;

/// <summary>A policy decision before it is bytes: a test can keep it, which it cannot a <see cref="ClassifiedSpan"/>.</summary>
internal sealed record SentDecision(string Service, string Tool, Outcome Outcome, RiskTier Tier, ulong? Nanos, double Weight)
{
    private static readonly Outcome[] Outcomes = [Outcome.Allow, Outcome.Deny, Outcome.Hitl];

    // Not fit for labels as they come: a mark of its own, a blank of another width, bytes that say overflow.
    private static readonly string[] OddTools = ["cafe\u0301", "caf\u00e9", "a\u2003b", "__overflow__", "_overflow_"];

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

    public void Journal(Aggregator to) => Assert.True(to.Journal(new ClassifiedSpan
    {
        Class = SpanClass.Decision,
        Outcome = Outcome,
        RiskTier = Tier,
        Source = Emitter.Kitelogik,
        ServiceName = Encoding.UTF8.GetBytes(Service),
        SpanName = "policy_gate.evaluate"u8,
        Tool = Encoding.UTF8.GetBytes(Tool),
        Weight = Weight,
        DurationNanos = Nanos,
    }));
}
