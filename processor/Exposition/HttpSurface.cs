using System.Buffers;
using System.Net;
using System.Text;

namespace SpanMetrics.Exposition;

/// <summary>Every URL of the program, on one port.</summary>
internal sealed class HttpSurface(PageReader read, Func<string?> whyNotReady, string version)
{
    private long _scrapes;
    private int _lastLength; // of the body: the next one is seldom much longer

    /// <summary>The address that <c>http.listen</c> means; null when it means none.</summary>
    public static IPEndPoint? ParseAddress(string listen)
    {
        string text = listen.StartsWith("localhost:", StringComparison.Ordinal) ? "127.0.0.1" + listen["localhost".Length..]
            : listen.StartsWith(':') ? "[::]" + listen
            : listen;
        int colon = text.LastIndexOf(':');
        bool hasPort = text.Contains(']', StringComparison.Ordinal) ? colon > text.LastIndexOf(']') : colon >= 0 && text.IndexOf(':', StringComparison.Ordinal) == colon;
        return hasPort && IPEndPoint.TryParse(text, out IPEndPoint? address) ? address : null;
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/metrics", ["GET", "HEAD"], ScrapeAsync);
        routes.MapGet("/", LandingAsync);
        foreach (string path in new[] { "/-/healthy", "/healthz" })
        {
            routes.MapGet(path, () => Results.Text("healthy\n"));
        }

        foreach (string path in new[] { "/-/ready", "/readyz" })
        {
            routes.MapGet(path, () => whyNotReady() is string why ? Results.Text($"not ready: {why}\n", statusCode: 503) : Results.Text("ready\n"));
        }
    }

    private async Task ScrapeAsync(HttpContext context)
    {
        long scrapes = Interlocked.Increment(ref _scrapes);
        ReadOnlyMemory<byte> body = await read(page => Render(page, scrapes), context.RequestAborted).ConfigureAwait(false);
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private ReadOnlyMemory<byte> Render(Page page, long scrapes)
    {
        var body = new ArrayBufferWriter<byte>(_lastLength + 64 * 1024);
        PageWriter.Write(
            new Page
            {
                Views = page.Views,
                Own =
                [
                    .. page.Own,
                    new PlainFamily("spanmetrics_scrapes_total", "Pages served, this one included.", isCounter: true).With("format=\"text\",code=\"200\"", scrapes),
                    new PlainFamily("spanmetrics_build_info", "1, with the version as a label.", isCounter: false).With($"version=\"{version}\"", 1),
                ],
            },
            PageFormat.Text,
            body);
        _lastLength = body.WrittenCount;
        return body.WrittenMemory;
    }

    private async Task LandingAsync(HttpContext context)
    {
        ReadOnlyMemory<byte> html = await read(page => Encoding.UTF8.GetBytes(StatusPage.Render(page, version)), context.RequestAborted).ConfigureAwait(false);
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(html, context.RequestAborted).ConfigureAwait(false);
    }
}
