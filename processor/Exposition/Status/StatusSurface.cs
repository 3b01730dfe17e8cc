using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Primitives;

namespace SpanMetrics.Exposition;

/// <summary>The page for people at <c>/</c>, and what it shows at <c>/api/v1/status</c>.</summary>
internal sealed class StatusSurface(PageReader read, StatusHistory history, Func<WorkerFacts> worker)
{
    // All text of the page comes out of spans: nothing may run or load but the three files, and nothing may be sent but a question for the status.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach ((string path, string file, string type) in new[]
        {
            ("/", "index.html", "text/html"), ("/page.css", "page.css", "text/css"), ("/page.js", "page.js", "text/javascript"), ("/icon.svg", "icon.svg", "image/svg+xml"),
        })
        {
            byte[] bytes = Resource(file);
            routes.MapMethods(path, ["GET", "HEAD"], context => SendAsync(context, bytes, $"{type}; charset=utf-8"));
        }

        routes.MapGet("/api/v1/status", StatusAsync);
    }

    private static Task SendAsync(HttpContext context, byte[] bytes, string type)
    {
        Protect(context.Response, "no-cache");
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }

    private async Task StatusAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        Protect(response, "no-store");
        string? service = context.Request.Query.TryGetValue("service", out StringValues asked) && asked is [{ Length: > 0 } one] ? one : null;
        string name = context.Request.Query.TryGetValue("window", out StringValues given) ? given.ToString() : StatusWindow.All[0].Name;
        if (StatusWindow.Find(name) is not StatusWindow window)
        {
            response.StatusCode = StatusCodes.Status400BadRequest;
            response.ContentType = "text/plain; charset=utf-8";
            await response.WriteAsync($"window is one of {string.Join(", ", Array.ConvertAll(StatusWindow.All, known => known.Name))}\n", context.RequestAborted).ConfigureAwait(false);
            return;
        }

        using PageBuffer body = await read(page => Print(page, window, service), context.RequestAborted).ConfigureAwait(false);
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        await body.CopyToAsync(response.Body, context.RequestAborted).ConfigureAwait(false);
    }

    private PageBuffer Print(Page page, StatusWindow window, string? service)
    {
        history.Observe(page);
        var body = new PageBuffer();
        using var json = new Utf8JsonWriter(body);
        new StatusWriter(json, history, window).Write(page, service, worker());
        json.Flush();
        return body;
    }

    private static void Protect(HttpResponse response, string cache)
    {
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = cache;
    }

    private static byte[] Resource(string file)
    {
        using Stream resource = Assembly.GetExecutingAssembly().GetManifestResourceStream($"page/{file}")!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }
}
