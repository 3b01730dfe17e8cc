namespace SpanMetrics.Semantics;

/// <summary>kitelogik's six tiers in the order of their severity (its <c>hierarchy.py</c>), and none.</summary>
internal enum RiskTier : byte
{
    None,
    Informational,
    Operational,
    TransactionalLow,
    TransactionalHigh,
    Destructive,
    SecurityCritical,
}
