using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpanMetrics.Semantics;

/// <summary>
/// Texts that were met lately, each with a number. A text has one place, and takes it from the text before: bounded, and nothing is
/// searched. Longer texts are never remembered.
/// </summary>
/// <param name="places">How many texts are remembered at most; a power of two, and more than one.</param>
internal sealed class RecentTexts(int places)
{
    private const int MostBytes = 64;

    private readonly int _shift = 64 - BitOperations.Log2((uint)places);
    private readonly byte[] _bytes = new byte[places * MostBytes];
    private readonly byte[] _lengths = new byte[places]; // 1 more than the text's; 0 where there is none
    private readonly int[] _numbers = new int[places];

    /// <summary>False where the text is to be looked up, and given to <see cref="Put"/> then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(ReadOnlySpan<byte> text, out int number)
    {
        int place = PlaceOf(text);
        number = _numbers[place];
        return _lengths[place] == text.Length + 1 && text.SequenceEqual(_bytes.AsSpan(place * MostBytes, text.Length));
    }

    public void Put(ReadOnlySpan<byte> text, int number)
    {
        if (text.Length <= MostBytes)
        {
            int place = PlaceOf(text);
            text.CopyTo(_bytes.AsSpan(place * MostBytes));
            _lengths[place] = (byte)(text.Length + 1);
            _numbers[place] = number;
        }
    }

    // Of both ends. Need not be hard to guess: a sender who makes texts collide pays with its own spans' speed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int PlaceOf(ReadOnlySpan<byte> text)
    {
        ulong mix = text.Length switch
        {
            >= 8 => BinaryPrimitives.ReadUInt64LittleEndian(text) ^ BitOperations.RotateLeft(BinaryPrimitives.ReadUInt64LittleEndian(text[^8..]), 29),
            >= 4 => BinaryPrimitives.ReadUInt32LittleEndian(text) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(text[^4..]) << 32),
            > 0 => text[0] | ((ulong)text[^1] << 8),
            _ => 0,
        };
        return (int)(((mix + (ulong)text.Length) * 0x9E3779B97F4A7C15ul) >> _shift);
    }
}
