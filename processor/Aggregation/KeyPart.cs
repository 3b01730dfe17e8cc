using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>How one vector of a label set's key is picked out of a span, all of its words at once.</summary>
/// <param name="places">Where the words lie in the half of the span that has them.</param>
/// <param name="ofLow">The bits that count, of words in the first half.</param>
/// <param name="ofHigh">And of words in the second.</param>
internal readonly struct KeyPart(Vector256<int> places, Vector256<int> ofLow, Vector256<int> ofHigh)
{
    private static readonly int Width = Vector256<int>.Count;

    /// <summary>The parts of a key: its closed dimensions, then text.</summary>
    /// <param name="length">Words of the key; those behind the text are left 0.</param>
    /// <param name="closed">Bits of the closed dimensions.</param>
    /// <param name="text">Dimensions that take text, in their order.</param>
    public static KeyPart[] Of(int length, int closed, IReadOnlyList<Dimension> text)
    {
        var parts = new KeyPart[(length + Width - 1) / Width];
        int[] places = new int[parts.Length * Width], low = new int[places.Length], high = new int[places.Length];
        Pick(0, new ClassifiedSpan { Closed = 1 }, closed);
        for (int i = 0; i < text.Count; i++)
        {
            ClassifiedSpan probe = default;
            probe.Text[(int)text[i]] = 1;
            Pick(1 + i, probe, -1);
        }

        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = new KeyPart(Vector256.Create(places, i * Width), Vector256.Create(low, i * Width), Vector256.Create(high, i * Width));
        }

        return parts;

        // The probe has a 1 where the word lies.
        void Pick(int word, in ClassifiedSpan probe, int bits)
        {
            Load(probe, out Vector256<int> first, out Vector256<int> second);
            int place = Vector256.IndexOf(first, 1);
            places[word] = place >= 0 ? place : Vector256.IndexOf(second, 1);
            (place >= 0 ? low : high)[word] = bits;
        }
    }

    /// <summary>The words of a span, which fill two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(in ClassifiedSpan span, out Vector256<int> low, out Vector256<int> high)
    {
        ReadOnlySpan<int> words = MemoryMarshal.Cast<ClassifiedSpan, int>(new ReadOnlySpan<ClassifiedSpan>(in span));
        low = Vector256.Create(words);
        high = Vector256.Create(words[Width..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<int> From(Vector256<int> low, Vector256<int> high) =>
        (Vector256.ShuffleNative(low, places) & ofLow) | (Vector256.ShuffleNative(high, places) & ofHigh);
}
