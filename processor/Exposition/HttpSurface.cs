using System.Net;
using System.Text;

namespace SpanMetrics.Exposition;

/// <summary>Every URL of the program, on one port.</summary>
internal sealed class HttpSurface(PageReader read, Func<string?> whyNotReady, string version)
{
    private long _scrapes;

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
        using PageBuffer body = await read(page => Print(page, scrapes), context.RequestAborted).ConfigureAwait(false);
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await body.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private PageBuffer Print(Page page, long scrapes)
    {
        var body = new PageBuffer();
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
        return body;
    }

    private async Task LandingAsync(HttpContext context)
    {
        using PageBuffer html = await read(page => Print(StatusPage.Render(page, version)), context.RequestAborted).ConfigureAwait(false);
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await html.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
    }

    private static PageBuffer Print(string text)
    {
        var body = new PageBuffer();
        Encoding.UTF8.GetBytes(text, body);
        return body;
    }
}
