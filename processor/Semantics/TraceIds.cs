using System.Buffers.Binary;

namespace SpanMetrics.Semantics;

/// <summary>
/// A span's ids as hashes under a secret key, so that no sender can make two of them the same. Of all that a worker remembers at a time two
/// are taken for one another once in some 10^14 questions. 0 where an id is lacking; ids of other lengths than OTLP's are no ids.
/// </summary>
/// <param name="Trace">Of the trace.</param>
/// <param name="Span">Of the span in its trace.</param>
/// <param name="Parent">Of its parent in its trace; 0 for the root too.</param>
/// <param name="RawSpan">The span's id itself, to be shown.</param>
internal readonly record struct TraceIds(ulong Trace, ulong Span, ulong Parent, ulong RawSpan)
{
    public static TraceIds Of(ReadOnlySpan<byte> trace, ReadOnlySpan<byte> span, ReadOnlySpan<byte> parent)
    {
        ulong one = trace.Length == 16 ? BinaryPrimitives.ReadUInt64LittleEndian(trace) : 0, two = trace.Length == 16 ? BinaryPrimitives.ReadUInt64LittleEndian(trace[8..]) : 0;
        if ((one | two) == 0)
        {
            return default;
        }

        ulong id = KeyedHash.Of(one, two), rawSpan = IdOf(span), rawParent = IdOf(parent);
        return new TraceIds(id, rawSpan == 0 ? 0 : KeyedHash.Of(id, rawSpan), rawSpan == 0 || rawParent == 0 ? 0 : KeyedHash.Of(id, rawParent), rawSpan);
    }

    /// <summary>A span's id as it is printed.</summary>
    public static string TextOf(ulong rawSpan)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, rawSpan);
        return Convert.ToHexStringLower(bytes);
    }

    private static ulong IdOf(ReadOnlySpan<byte> span) => span.Length == 8 ? BinaryPrimitives.ReadUInt64LittleEndian(span) : 0;
}
