using System.Runtime.CompilerServices;

namespace SpanMetrics.Semantics;

/// <summary>Which of the conditions that any rule states hold, by their numbers.</summary>
[InlineArray(Words)]
internal struct FactSet
{
    public const int Capacity = Words * 64;

    private const int Words = 8;

    private ulong _word;

    public readonly bool Has(int fact) => (((ReadOnlySpan<ulong>)this)[fact >> 6] & (1ul << fact)) != 0;

    public void Add(int fact) => ((Span<ulong>)this)[fact >> 6] |= 1ul << fact;

    public void Add(in FactSet others)
    {
        Span<ulong> words = this;
        ReadOnlySpan<ulong> more = others;
        for (int i = 0; i < words.Length; i++)
        {
            words[i] |= more[i];
        }
    }

    /// <summary>The facts of this set that are not among the others; inverted, those that are.</summary>
    public readonly FactSet Without(in FactSet others, bool inverted)
    {
        FactSet rest = this;
        Span<ulong> words = rest;
        ReadOnlySpan<ulong> less = others;
        for (int i = 0; i < words.Length; i++)
        {
            words[i] &= inverted ? less[i] : ~less[i];
        }

        return rest;
    }

    public readonly bool HasAll(in FactSet others)
    {
        ReadOnlySpan<ulong> words = this, wanted = others;
        for (int i = 0; i < words.Length; i++)
        {
            if ((words[i] & wanted[i]) != wanted[i])
            {
                return false;
            }
        }

        return true;
    }

    public readonly bool Is(in FactSet other) => ((ReadOnlySpan<ulong>)this).SequenceEqual(other);
}
