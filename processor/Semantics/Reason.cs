namespace SpanMetrics.Semantics;

/// <summary>Why a decision was not a plain allow. A closed set: the emitter's own text may hold anything.</summary>
internal enum Reason : byte
{
    None,
    Policy,
    Approval,
    Credential,
    EngineUnavailable,
    Authorization,
    Authentication,
    Guardrail,
    RateLimit,
    McpPolicy,
    Upstream,
    Other,
}
