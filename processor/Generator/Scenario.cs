namespace SpanMetrics.Generator;

/// <summary>What can be asked for by `--scenario`. See <see cref="Scenarios"/> for the names.</summary>
[Flags]
internal enum Scenario
{
    None = 0,
    Normal = 1,
    EngineDown = 2,
    DenySpike = 4,
    Approval = 8,
    Credential = 16,
    GateError = 32,
    All = 63,
}
