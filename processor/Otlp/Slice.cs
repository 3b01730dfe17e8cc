namespace SpanMetrics.Otlp;

/// <summary>A stretch of the record being decoded, in bytes from the record's start. Means nothing without that record.</summary>
internal readonly record struct Slice(int Offset, int Length)
{
    public int End => Offset + Length;

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> record) => record.Slice(Offset, Length);
}
