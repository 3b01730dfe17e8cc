using SpanMetrics.Semantics;

namespace SpanMetrics.Perf;

/// <summary>What a measured span says, as far as spans differ in it.</summary>
internal readonly record struct AgentSpan(
    string Service, string Agent, string Tool, string RiskTier, string Model, Outcome Outcome, ulong DurationNanos, int ReasonLength);
