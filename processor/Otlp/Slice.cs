namespace SpanMetrics.Otlp;

/// <summary>A stretch of the record being decoded, in bytes from the record's start. Means nothing without that record.</summary>
// One word, written and read as a whole: a place that is written as two halves and read as one soon afterwards makes the processor wait.
internal readonly record struct Slice
{
    private readonly ulong _word;

    public Slice(int offset, int length) => _word = (uint)offset | ((ulong)(uint)length << 32);

    public int Offset => (int)_word;

    public int Length => (int)(_word >> 32);

    public int End => Offset + Length;

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> record) => record.Slice(Offset, Length);
}
