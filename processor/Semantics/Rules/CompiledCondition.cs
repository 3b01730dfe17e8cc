namespace SpanMetrics.Semantics;

/// <summary>A <see cref="Condition"/> whose tests have numbers.</summary>
internal sealed class CompiledCondition(FactSet[] when, FactSet[] unless)
{
    /// <summary>Adds the tests that this may hang on, of a span of which some facts are known already; false when it cannot hold.</summary>
    /// <param name="known">The facts that hold.</param>
    /// <param name="decided">The facts of which is known whether they hold.</param>
    /// <param name="open">To be added to.</param>
    public bool TryAddOpen(in FactSet known, in FactSet decided, ref FactSet open)
    {
        bool mayHold = AddOpen(when, known, decided, ref open) || when.Length == 0;
        if (mayHold)
        {
            AddOpen(unless, known, decided, ref open);
        }

        return mayHold;
    }

    /// <summary>Holds, whatever else becomes known.</summary>
    public bool IsCertain(in FactSet known) => unless.Length == 0 && Holds(known);

    /// <summary>Holds, or would without exceptions.</summary>
    public bool MayHold(in FactSet facts) => when.Length == 0 || HoldsAny(when, facts);

    public bool Holds(in FactSet facts) => MayHold(facts) && !HoldsAny(unless, facts);

    private static bool AddOpen(FactSet[] alternatives, in FactSet known, in FactSet decided, ref FactSet open)
    {
        bool mayHold = false;
        foreach (ref readonly FactSet alternative in alternatives.AsSpan())
        {
            if (known.HasAll(alternative.Without(decided, inverted: true)))
            {
                open.Add(alternative.Without(decided, inverted: false));
                mayHold = true;
            }
        }

        return mayHold;
    }

    private static bool HoldsAny(FactSet[] alternatives, in FactSet facts)
    {
        foreach (ref readonly FactSet alternative in alternatives.AsSpan())
        {
            if (facts.HasAll(alternative))
            {
                return true;
            }
        }

        return false;
    }
}
