using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SpanMetrics.Perf;

/// <summary>
/// Steps over every field of every span and both fields of every attribute, and interprets nothing. Reads without
/// bounds checks and believes every length: for generated records only, as the ceiling of any decoder.
/// </summary>
internal static class TagWalk
{
    // A loop for each level. Where the next message begins is known before the inner one is walked, so that the
    // processor walks several attributes at once.
    private const byte ResourceSpans = (1 << 3) | 2; // of TracesData
    private const byte ScopeSpans = (2 << 3) | 2;    // of ResourceSpans
    private const byte Span = (2 << 3) | 2;          // of ScopeSpans
    private const byte Attribute = (9 << 3) | 2;     // of Span

    /// <summary>Returns the number of fields.</summary>
    public static int Fields(ReadOnlySpan<byte> record)
    {
        int fields = 0;
        ref byte at = ref MemoryMarshal.GetReference(record);
        ref byte end = ref Unsafe.Add(ref at, record.Length);
        while (Unsafe.IsAddressLessThan(ref at, ref end))
        {
            fields++;
            if (at == ResourceSpans)
            {
                ref byte body = ref Body(ref at, out nint length);
                at = ref Unsafe.Add(ref body, length);
                fields += InResourceSpans(ref body, ref at);
            }
            else
            {
                at = ref Next(ref at);
            }
        }

        return fields;
    }

    private static int InResourceSpans(ref byte at, ref byte end)
    {
        int fields = 0;
        while (Unsafe.IsAddressLessThan(ref at, ref end))
        {
            fields++;
            if (at == ScopeSpans)
            {
                ref byte body = ref Body(ref at, out nint length);
                at = ref Unsafe.Add(ref body, length);
                fields += InScopeSpans(ref body, ref at);
            }
            else
            {
                at = ref Next(ref at);
            }
        }

        return fields;
    }

    private static int InScopeSpans(ref byte at, ref byte end)
    {
        int fields = 0;
        while (Unsafe.IsAddressLessThan(ref at, ref end))
        {
            fields++;
            if (at == Span)
            {
                ref byte body = ref Body(ref at, out nint length);
                at = ref Unsafe.Add(ref body, length);
                fields += InSpan(ref body, ref at);
            }
            else
            {
                at = ref Next(ref at);
            }
        }

        return fields;
    }

    private static int InSpan(ref byte at, ref byte end)
    {
        int fields = 0;
        while (Unsafe.IsAddressLessThan(ref at, ref end))
        {
            fields++;
            if (at == Attribute)
            {
                ref byte inner = ref Body(ref at, out nint length);
                at = ref Unsafe.Add(ref inner, length);
                while (Unsafe.IsAddressLessThan(ref inner, ref at))
                {
                    fields++;
                    inner = ref Next(ref inner);
                }
            }
            else
            {
                at = ref Next(ref at);
            }
        }

        return fields;
    }

    // Behind the tag of one byte that the caller has seen.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte Body(ref byte field, out nint length)
    {
        length = Unsafe.Add(ref field, 1);
        return ref length < 0x80 ? ref Unsafe.Add(ref field, 2) : ref LongBody(ref field, out length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte Next(ref byte field)
    {
        // A tag of one byte, and a length or number of one byte: nearly every field there is.
        uint two = Unsafe.ReadUnaligned<ushort>(ref field);
        if ((two & 0x8087) == 2)
        {
            return ref Unsafe.Add(ref field, (nint)(two >> 8) + 2);
        }

        if ((two & 0x87) == 1)
        {
            return ref Unsafe.Add(ref field, 1 + sizeof(ulong));
        }

        return ref (two & 0x8087) == 0 ? ref Unsafe.Add(ref field, 2) : ref NextOfAny(ref field);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ref byte NextOfAny(ref byte field)
    {
        ref byte at = ref Varint(ref field, out ulong tag);
        switch (tag & 7)
        {
            case 0:
                return ref Varint(ref at, out _);
            case 1:
                return ref Unsafe.Add(ref at, sizeof(ulong));
            case 2:
                at = ref Varint(ref at, out ulong length);
                return ref Unsafe.Add(ref at, (nint)length);
            case 5:
                return ref Unsafe.Add(ref at, sizeof(uint));
            default:
                throw new InvalidOperationException($"the generator wrote tag {tag}");
        }
    }

    private static ref byte LongBody(ref byte field, out nint length)
    {
        ref byte body = ref Varint(ref Unsafe.Add(ref field, 1), out ulong value);
        length = (nint)value;
        return ref body;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte Varint(ref byte at, out ulong value)
    {
        value = 0;
        for (int shift = 0; ; shift += 7)
        {
            ulong next = at;
            at = ref Unsafe.Add(ref at, 1);
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                return ref at;
            }
        }
    }
}
