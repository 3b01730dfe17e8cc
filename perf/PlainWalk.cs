using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SpanMetrics.Perf;

/// <summary>
/// What <see cref="TagWalk"/> does, written as one writes it first: a varint for the tag, a switch, a varint for the length, a call for
/// what is inside. So that a ratio to a walk can be read whichever walk is meant.
/// </summary>
internal static class PlainWalk
{
    // TracesData.resource_spans = 1 > ResourceSpans.scope_spans = 2 > ScopeSpans.spans = 2 > Span.attributes = 9
    private static ReadOnlySpan<byte> PathToAttributes => [(1 << 3) | 2, (2 << 3) | 2, (2 << 3) | 2, (9 << 3) | 2];

    /// <summary>Returns the number of fields.</summary>
    public static int Fields(ReadOnlySpan<byte> record) =>
        Fields(ref MemoryMarshal.GetReference(record), 0, record.Length, 0);

    private static int Fields(ref byte record, int at, int end, int depth)
    {
        byte within = depth < PathToAttributes.Length ? PathToAttributes[depth] : (byte)0;
        int fields = 0;
        while (at < end)
        {
            ulong tag = Varint(ref record, ref at);
            fields++;
            switch (tag & 7)
            {
                case 0:
                    Varint(ref record, ref at);
                    break;
                case 1:
                    at += sizeof(ulong);
                    break;
                case 2:
                    int length = (int)Varint(ref record, ref at);
                    if (tag == within)
                    {
                        fields += Fields(ref record, at, at + length, depth + 1);
                    }

                    at += length;
                    break;
                case 5:
                    at += sizeof(uint);
                    break;
                default:
                    throw new InvalidOperationException($"the generator wrote tag {tag} at {at}");
            }
        }

        return fields;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Varint(ref byte record, ref int at)
    {
        ulong value = Unsafe.Add(ref record, at++);
        if (value < 0x80)
        {
            return value;
        }

        value &= 0x7F;
        for (int shift = 7; ; shift += 7)
        {
            ulong next = Unsafe.Add(ref record, at++);
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
