using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SpanMetrics.Exposition;

namespace SpanMetrics.Tests.Unit;

/// <summary>The program's URLs on a free port of this machine, with a page that the test gives.</summary>
internal sealed class ServedSurface : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpSurface _surface;

    private ServedSurface(WebApplication app, HttpSurface surface, ConcurrentQueue<string?> readers, CapturedLog log)
    {
        _app = app;
        _surface = surface;
        Readers = readers;
        Log = log;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    /// <summary>Sends no header of its own, and unpacks nothing.</summary>
    public HttpClient Client { get; }

    public string Address => Client.BaseAddress!.Authority;

    /// <summary>The name of each reader that came in; null of one that has none.</summary>
    public ConcurrentQueue<string?> Readers { get; }

    /// <summary>Warnings and worse, of the server too.</summary>
    public CapturedLog Log { get; }

    public static Task<ServedSurface> StartAsync(PageReader read) => StartAsync(read, () => WebConfig.Open);

    public static Task<ServedSurface> StartAsync(Page page) => StartAsync((print, _) => Task.FromResult(print(page)));

    /// <summary>A page with nothing on it but the worker's own.</summary>
    public static Task<ServedSurface> StartAsync(Func<WebConfig> config) => StartAsync((print, _) => Task.FromResult(print(new Page { Views = [], Own = [] })), config);

    public async Task<HttpResponseMessage> ScrapeAsync(params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        foreach ((string name, string value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _surface.Dispose();
        Log.Dispose();
    }

    private static async Task<ServedSurface> StartAsync(PageReader read, Func<WebConfig> config)
    {
        var readers = new ConcurrentQueue<string?>();
        var log = new CapturedLog();
        var guard = new WebGuard(config);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddProvider(log);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => guard.Listen(kestrel, new IPEndPoint(IPAddress.Loopback, 0)));
        builder.Services.AddRoutingCore();
        WebApplication app = builder.Build();
        app.Use(guard.AdmitAsync);
        app.Use((context, next) =>
        {
            readers.Enqueue(context.User.Identity?.Name);
            return next(context);
        });
        app.UseRouting();
        var surface = new HttpSurface(read, new KnownScrapers(new HttpOptions { TrustNetwork = false }, TimeProvider.System), () => null, new OwnFamilies("1.2.3+abc", () => []));
        surface.Map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ServedSurface(app, surface, readers, log);
    }
}
