namespace SpanMetrics.Exposition;

/// <summary>Gives what <paramref name="print"/> makes of the page as it is now. The page is borrowed until that returns.</summary>
internal delegate Task<PageBuffer> PageReader(Func<Page, PageBuffer> print, CancellationToken cancellation);
