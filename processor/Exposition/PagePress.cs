using System.IO.Compression;

namespace SpanMetrics.Exposition;

/// <summary>Prints each page once for all who asked for it before its printing began, and two pages at once at most.</summary>
internal sealed class PagePress(PageReader read) : IDisposable
{
    private const int PressesAtOnce = 2;

    // Shared by the requests' threads, and held for a look-up only.
    private readonly Dictionary<(PageFormat Format, bool Gzip, int Shown), PrintedPage> _next = [];
    private readonly SemaphoreSlim _presses = new(PressesAtOnce);

    /// <summary>The page as of a moment after the call, as <see cref="Page.ShownUpTo"/> says. The caller disposes of it.</summary>
    public PrintedPage Next(PageFormat format, bool gzip, int shown = Page.Everything)
    {
        lock (_next)
        {
            if (_next.TryGetValue((format, gzip, shown), out PrintedPage? waiting))
            {
                return waiting.Share();
            }

            var page = new PrintedPage();
            _next.Add((format, gzip, shown), page);
            _ = Task.Run(() => PrintAsync(page, format, gzip, shown));
            return page.Share();
        }
    }

    public static PageBuffer Print(Page page, PageFormat format)
    {
        var body = new PageBuffer();
        if (format == PageFormat.Protobuf)
        {
            ProtobufWriter.Write(page, body);
        }
        else
        {
            PageWriter.Write(page, format, body);
        }

        return body;
    }

    /// <summary>At the fastest level: of text even that takes longer than the printing.</summary>
    public static PageBuffer Compress(PageBuffer body)
    {
        var compressed = new PageBuffer();
        using (var gzip = new GZipStream(new PageBufferStream(compressed), CompressionLevel.Fastest))
        {
            body.CopyTo(gzip);
        }

        return compressed;
    }

    public void Dispose() => _presses.Dispose();

    private async Task PrintAsync(PrintedPage page, PageFormat format, bool gzip, int shown)
    {
        using PrintedPage printing = page;
        await _presses.WaitAsync().ConfigureAwait(false);
        try
        {
            lock (_next)
            {
                _next.Remove((format, gzip, shown)); // who asks from now on gets the page after this one
            }

            PageBuffer body = await read(
                now =>
                {
                    page.Moment = now.Moment;
                    return Print(now with { ShownUpTo = shown }, format);
                },
                CancellationToken.None).ConfigureAwait(false);
            if (gzip)
            {
                using PageBuffer plain = body; // readers of other pages need not wait for this: it is no longer their turn that it takes
                body = Compress(plain);
            }

            page.Set(body);
        }
        catch (Exception reason)
        {
            page.Fail(reason); // whoever waits for the page throws it
        }
        finally
        {
            _presses.Release();
        }
    }
}
