namespace SpanMetrics.Generator;

/// <summary>How far a call comes inside the gate, which decides which spans are inside `policy_gate.evaluate` and what they carry.</summary>
internal enum GateShape
{
    /// <summary>Validated, and the policy engine answered.</summary>
    Answered,

    /// <summary>Refused for its token before anything else: no span inside.</summary>
    Unauthenticated,

    /// <summary>The policy engine cannot be reached.</summary>
    EngineDown,

    /// <summary>The arguments fail the schema: raised.</summary>
    SchemaRaised,

    /// <summary>The engine's answer cannot be read: raised.</summary>
    EngineRaised,
}
