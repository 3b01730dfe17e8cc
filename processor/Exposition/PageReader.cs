namespace SpanMetrics.Exposition;

/// <summary>Gives what <paramref name="render"/> makes of the page as it is now. The page is borrowed until that returns.</summary>
internal delegate Task<ReadOnlyMemory<byte>> PageReader(Func<Page, ReadOnlyMemory<byte>> render, CancellationToken cancellation);
