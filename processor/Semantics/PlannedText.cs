namespace SpanMetrics.Semantics;

/// <summary>Where a text of a span lies.</summary>
/// <param name="Field">Which text.</param>
/// <param name="Source">The first place that may hold it, by the index among the emitter's sources; -1 for a constant.</param>
/// <param name="Slot">Where that is an attribute of the span or of its resource: its slot; -1 where it is the span's name.</param>
/// <param name="IsOfResource">Whether it is an attribute of the resource.</param>
/// <param name="Symbol">The constant, or what the text is where nothing is found.</param>
/// <param name="IsDefault">Whether the symbol is a default rather than what a rule says.</param>
/// <param name="Recent">Symbols by the bytes that they are made of; null for a constant.</param>
internal readonly record struct PlannedText(Field Field, int Source, int Slot, bool IsOfResource, int Symbol, bool IsDefault, RecentTexts<int>? Recent);
