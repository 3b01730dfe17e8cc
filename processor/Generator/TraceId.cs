using System.Buffers.Binary;

namespace SpanMetrics.Generator;

internal readonly record struct TraceId(ulong High, ulong Low)
{
    public const int Size = 16;

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt64BigEndian(to, High);
        BinaryPrimitives.WriteUInt64BigEndian(to[sizeof(ulong)..], Low);
    }
}
