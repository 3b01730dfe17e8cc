using System.Buffers;

namespace SpanMetrics.Exposition;

/// <summary>A printed page, in pieces: a page of many label sets is longer than an array can be, and a new array of its size for each scrape would be worse.</summary>
internal sealed class PageBuffer : IBufferWriter<byte>, IDisposable
{
    // Pieces grow with the page: the pool keeps some 30 of a size for each core, and what it does not keep is made anew for each scrape.
    private const long FirstPieceBytes = 1 << 16;
    private const long MostPieceBytes = 1 << 23;

    private readonly List<byte[]> _pieces = []; // borrowed from the shared pool until Dispose
    private readonly List<int> _lengths = [];

    public long Length { get; private set; }

    public void Advance(int count)
    {
        _lengths[^1] += count;
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_pieces.Count == 0 || _pieces[^1].Length - _lengths[^1] < Math.Max(1, sizeHint))
        {
            _pieces.Add(ArrayPool<byte>.Shared.Rent(Math.Max((int)Math.Clamp(Length, FirstPieceBytes, MostPieceBytes), sizeHint)));
            _lengths.Add(0);
        }

        return _pieces[^1].AsMemory(_lengths[^1]);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public async Task CopyToAsync(Stream to, CancellationToken cancellation)
    {
        for (int i = 0; i < _pieces.Count; i++)
        {
            await to.WriteAsync(_pieces[i].AsMemory(0, _lengths[i]), cancellation).ConfigureAwait(false);
        }
    }

    public void CopyTo(Stream to)
    {
        for (int i = 0; i < _pieces.Count; i++)
        {
            to.Write(_pieces[i], 0, _lengths[i]);
        }
    }

    public void Dispose()
    {
        foreach (byte[] piece in _pieces)
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        _pieces.Clear();
    }
}
