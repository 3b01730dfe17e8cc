using System.Runtime.CompilerServices;

namespace SpanMetrics.Otlp;

/// <summary>Bytes of a record with what lies behind them, so that they can be read a vector at a time. Valid as long as the record.</summary>
/// <param name="onward">From the first of them to the record's end.</param>
/// <param name="length">How many of them are meant.</param>
/// <remarks>Every member is inlined, in rare branches too: one call of one that is not, and all of it lives in memory.</remarks>
internal readonly ref struct Excerpt(ReadOnlySpan<byte> onward, int length)
{
    public int Length
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => length;
    }

    public ReadOnlySpan<byte> Onward { [MethodImpl(MethodImplOptions.AggressiveInlining)] get; } = onward;

    public ReadOnlySpan<byte> Bytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Onward[..length];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Excerpt Of(ReadOnlySpan<byte> record, Slice at) => new(record[at.Offset..], at.Length);
}
