namespace SpanMetrics.Semantics;

/// <summary>Where a text of a span lies.</summary>
/// <param name="Field">Which text.</param>
/// <param name="Source">The first place that may hold it, by the index among the emitter's sources; -1 for a constant.</param>
/// <param name="Slot">Where that is an attribute: its slot; -1 otherwise.</param>
/// <param name="Symbol">The constant, or what the text is where nothing is found.</param>
/// <param name="IsDefault">Whether the symbol is a default rather than what a rule says.</param>
/// <param name="Derived">Where the text is not taken as it is: symbols by the bytes that they are made of.</param>
internal readonly record struct PlannedText(Field Field, int Source, int Slot, int Symbol, bool IsDefault, RecentTexts? Derived);
