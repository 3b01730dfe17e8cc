namespace SpanMetrics.Semantics;

/// <summary>What an emitter's file says where to find.</summary>
internal enum Field
{
    Agent,
    Tool,
    Model,
    Provider,
    Operation,
    Target,
    Event,

    // Those above are texts, in the order of their dimensions.
    RiskTier,
    Modified,
    Conversation,
    InputTokens,
    OutputTokens,
    CacheReadTokens,
    CacheCreationTokens,
    ReasoningTokens,
    Cost,
}
