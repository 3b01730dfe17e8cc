using SpanMetrics.Otlp;

namespace SpanMetrics.Semantics;

/// <summary>A source with its condition in numbers.</summary>
/// <param name="Condition">When it is asked.</param>
/// <param name="Source">What was written.</param>
/// <param name="Slot">Of its attribute, or of its resource attribute; -1 for the others.</param>
internal readonly record struct BoundSource(CompiledCondition Condition, FieldSource Source, int Slot)
{
    /// <summary>Whether the value may lie there, as far as the shape tells.</summary>
    public bool MayHold(CountedAs counted, in FactSet facts, in SlotSet present) =>
        (Source.Classes & counted) != 0 && (Source.Attribute is null || present.Has(Slot)) && Condition.Holds(facts);
}
