using System.Buffers;

namespace SpanMetrics.Perf;

/// <summary>Counts a page and keeps none of it: the largest ones measured would not fit an array.</summary>
internal sealed class DiscardedText : IBufferWriter<byte>
{
    private readonly byte[] _window = new byte[1 << 16];
    private int _used;

    public long Bytes { get; private set; }

    public long Lines { get; private set; }

    public void Clear() => (Bytes, Lines, _used) = (0, 0, 0);

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        if (_window.Length - _used < Math.Max(sizeHint, 1))
        {
            _used = 0;
        }

        return _window.AsSpan(_used);
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => throw new NotSupportedException("a page is written through spans");

    public void Advance(int count)
    {
        Lines += _window[_used + count - 1] == (byte)'\n' ? 1 : 0; // the writer advances by a line, or by the two of a header
        Bytes += count;
        _used += count;
    }
}
