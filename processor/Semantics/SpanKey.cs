using System.Buffers.Binary;

namespace SpanMetrics.Semantics;

/// <summary>A trace, and a span in it. Ids of other lengths than OTLP's are no ids.</summary>
internal readonly record struct SpanKey(ulong TraceHigh, ulong TraceLow, ulong Span)
{
    public SpanKey(UInt128 trace, ulong span)
        : this((ulong)(trace >> 64), (ulong)trace, span)
    {
    }

    /// <summary>0 where it is none.</summary>
    public UInt128 Trace => new(TraceHigh, TraceLow);

    public bool HasTrace => (TraceHigh | TraceLow) != 0;

    /// <summary>Under a secret key.</summary>
    public ulong Hash => KeyedHash.Of(TraceHigh, TraceLow, Span);

    /// <summary>Both ids are there.</summary>
    public bool IsWhole => HasTrace && Span != 0;

    public static UInt128 TraceOf(ReadOnlySpan<byte> id) => id.Length == 16 ? BinaryPrimitives.ReadUInt128LittleEndian(id) : 0;

    public static ulong SpanOf(ReadOnlySpan<byte> id) => id.Length == 8 ? BinaryPrimitives.ReadUInt64LittleEndian(id) : 0;

    /// <summary>A span's id as it is printed.</summary>
    public static string TextOf(ulong span)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, span);
        return Convert.ToHexStringLower(bytes);
    }
}
