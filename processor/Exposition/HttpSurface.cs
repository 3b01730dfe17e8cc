using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace SpanMetrics.Exposition;

/// <summary>What programs ask for: the page for scrapers, and whether the worker is well.</summary>
internal sealed class HttpSurface : IDisposable
{
    private const double MostTimeoutSeconds = 3600;

    private readonly KnownScrapers _scrapers;
    private readonly Func<string?> _whyNotReady;
    private readonly OwnFamilies _own;
    private readonly PagePress _press;

    public HttpSurface(PageReader read, KnownScrapers scrapers, Func<string?> whyNotReady, OwnFamilies own)
    {
        _scrapers = scrapers;
        _whyNotReady = whyNotReady;
        _own = own;
        _press = new PagePress((print, cancellation) => read(page => print(own.AddTo(page)), cancellation));
    }

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
        foreach (string path in new[] { "/-/healthy", "/healthz" })
        {
            routes.MapGet(path, () => Results.Text("healthy\n"));
        }

        foreach (string path in new[] { "/-/ready", "/readyz" })
        {
            routes.MapGet(path, () => _whyNotReady() is string why ? Results.Text($"not ready: {why}\n", statusCode: 503) : Results.Text("ready\n"));
        }
    }

    public void Dispose() => _press.Dispose();

    private async Task ScrapeAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Accept, Accept-Encoding";
        var wanted = Negotiated.Of(context.Request.GetTypedHeaders());
        TimeSpan? timeout = TimeoutOf(context.Request);
        long start = TimeProvider.System.GetTimestamp();
        using Activity? activity = OwnMeter.Activities.StartActivity("scrape", ActivityKind.Server);
        activity?.SetTag("format", wanted.Format.ToString()).SetTag("gzip", wanted.Gzip);
        ScrapeAnswer? answer = HttpMethods.IsGet(context.Request.Method) ? _scrapers.Ask(context) : null;
        using PrintedPage page = _press.Next(wanted.Format, wanted.Gzip, answer?.ShownUpTo ?? Page.Everything);
        PageBuffer body;
        try
        {
            body = await page.Body.WaitAsync(timeout is TimeSpan known ? DeadlineOf(known) : Timeout.InfiniteTimeSpan, context.RequestAborted).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _own.CountScrape(wanted.Format, StatusCodes.Status503ServiceUnavailable, TimeProvider.System.GetElapsedTime(start));
            activity?.SetStatus(ActivityStatusCode.Error, "deadline");
            response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            response.ContentType = "text/plain; charset=utf-8";
            await response.WriteAsync(
                string.Create(CultureInfo.InvariantCulture, $"The page was not ready {DeadlineOf(timeout!.Value).TotalSeconds} s after the scrape began, which gives up at {timeout.Value.TotalSeconds} s: raise scrape_timeout, or lower limits.series.\n"),
                context.RequestAborted).ConfigureAwait(false);
            return;
        }

        _own.CountScrape(wanted.Format, StatusCodes.Status200OK, TimeProvider.System.GetElapsedTime(start));
        response.ContentType = wanted.ContentType;
        response.ContentLength = body.Length;
        activity?.SetTag("bytes", body.Length);
        if (wanted.Gzip)
        {
            response.Headers.ContentEncoding = "gzip";
        }

        if (HttpMethods.IsGet(context.Request.Method))
        {
            answer?.SetPrinted(page.Moment);
            await body.CopyToAsync(response.Body, context.RequestAborted).ConfigureAwait(false);
            answer?.SetWritten();
        }
    }

    // When the scraper gives up; null where it does not say.
    private static TimeSpan? TimeoutOf(HttpRequest request) =>
        double.TryParse(request.Headers["X-Prometheus-Scrape-Timeout-Seconds"], NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds > 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, MostTimeoutSeconds))
            : null;

    // Half a second is for the way of the page to the scraper; of a timeout under a second, the half.
    private static TimeSpan DeadlineOf(TimeSpan timeout) => timeout - TimeSpan.FromSeconds(Math.Min(.5, timeout.TotalSeconds / 2));
}
