namespace SpanMetrics.Semantics;

/// <summary>A source that was asked and said nothing.</summary>
/// <param name="Field">As an emitter's file spells it.</param>
/// <param name="Source">As <see cref="FieldSource"/> tells it.</param>
/// <param name="Why">What was wrong with it.</param>
internal readonly record struct SkippedSource(string Field, string Source, string Why);
