namespace SpanMetrics.Semantics;

/// <summary>A rule with its condition in numbers.</summary>
internal readonly record struct Compiled<TRule>(CompiledCondition Condition, TRule Rule);
