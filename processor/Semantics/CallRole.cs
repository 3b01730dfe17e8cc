namespace SpanMetrics.Semantics;

/// <summary>What a span of a model call is to that call, where it is not simply the call.</summary>
internal enum CallRole : byte
{
    Whole,

    /// <summary>Its duration is a whole turn's, tools and sub-agents included: never the model's.</summary>
    Turn,

    /// <summary>Never counted by itself: it says what its parent, another span of the call, lacks.</summary>
    Inner,

    /// <summary>Carries the tokens of a call that another span counts.</summary>
    Tokens,
}
