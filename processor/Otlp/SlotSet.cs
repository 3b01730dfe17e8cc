using System.Runtime.CompilerServices;

namespace SpanMetrics.Otlp;

/// <summary>A set of attribute slots. Indexed, its words.</summary>
[InlineArray(Words)]
internal struct SlotSet
{
    public const int Words = 4;

    /// <summary>The most keys that can be asked for.</summary>
    public const int Capacity = Words * 64;

    private ulong _word;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Has(int slot) => (((ReadOnlySpan<ulong>)this)[slot >> 6] & (1ul << slot)) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(int slot, bool has)
    {
        ref ulong word = ref ((Span<ulong>)this)[slot >> 6];
        word = (word & ~(1ul << slot)) | ((has ? 1ul : 0) << slot);
    }
}
