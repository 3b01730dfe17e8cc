using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace SpanMetrics.Semantics;

/// <summary>
/// A 64-bit hash under two keys drawn at the process's start: the bytes are chosen by whoever sends spans, the keys are not known to
/// them. The construction (128-bit multiply, both halves folded) is that of wyhash, which Go's maps use for the same reason.
/// </summary>
internal static class KeyedHash
{
    private static readonly ulong Key0 = RandomKey();
    private static readonly ulong Key1 = RandomKey();

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        ulong hash = Key0;
        int length = bytes.Length;
        ulong head = 0, tail = 0;
        if (length > 16)
        {
            ReadOnlySpan<byte> rest = bytes;
            do
            {
                hash = Fold(MemoryMarshal.Read<ulong>(rest) ^ Key1, MemoryMarshal.Read<ulong>(rest[8..]) ^ hash);
                rest = rest[16..];
            }
            while (rest.Length > 16);
            head = MemoryMarshal.Read<ulong>(bytes[^16..]);
            tail = MemoryMarshal.Read<ulong>(bytes[^8..]);
        }
        else if (length >= 8)
        {
            head = MemoryMarshal.Read<ulong>(bytes);
            tail = MemoryMarshal.Read<ulong>(bytes[^8..]);
        }
        else if (length >= 4)
        {
            head = MemoryMarshal.Read<uint>(bytes);
            tail = MemoryMarshal.Read<uint>(bytes[^4..]);
        }
        else if (length > 0)
        {
            head = ((ulong)bytes[0] << 16) | ((ulong)bytes[length >> 1] << 8) | bytes[^1];
        }

        return Fold(head ^ Key1 ^ (ulong)length, tail ^ hash);
    }

    /// <summary>Of ids.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ulong one, ulong two) => Fold(one ^ Key0, two ^ Key1);

    /// <summary>Of a label set's key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ReadOnlySpan<Vector256<int>> key)
    {
        ulong hash = Key0;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<Vector256<int>, ulong>(key);
        for (int i = 0; i + 1 < words.Length; i += 2)
        {
            hash = Fold(words[i] ^ hash, words[i + 1] ^ Key1);
        }

        return hash;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }

    // Odd, and never so small that the first product stays in its low half.
    private static ulong RandomKey()
    {
        Span<byte> key = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(key);
        return MemoryMarshal.Read<ulong>(key) | (1ul << 63) | 1;
    }
}
