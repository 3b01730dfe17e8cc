using System.Runtime.CompilerServices;

namespace SpanMetrics.Otlp;

/// <summary>Bytes of a record with what lies behind them, so that they can be read a vector at a time. Valid as long as the record.</summary>
/// <param name="onward">From the first of them to the record's end.</param>
/// <param name="length">How many of them are meant.</param>
internal readonly ref struct Excerpt(ReadOnlySpan<byte> onward, int length)
{
    public int Length => length;

    public ReadOnlySpan<byte> Onward { get; } = onward;

    public ReadOnlySpan<byte> Bytes => Onward[..length];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Excerpt Of(ReadOnlySpan<byte> record, Slice at) => new(record[at.Offset..], at.Length);
}
