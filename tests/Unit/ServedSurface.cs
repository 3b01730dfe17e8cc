using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using SpanMetrics.Exposition;

namespace SpanMetrics.Tests.Unit;

/// <summary>The program's URLs on a free port of this machine, with a page that the test gives.</summary>
internal sealed class ServedSurface : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpSurface _surface;

    private ServedSurface(WebApplication app, HttpSurface surface)
    {
        _app = app;
        _surface = surface;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    /// <summary>Sends no header of its own, and unpacks nothing.</summary>
    public HttpClient Client { get; }

    public string Address => Client.BaseAddress!.Authority;

    public static async Task<ServedSurface> StartAsync(PageReader read)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        WebApplication app = builder.Build();
        app.UseRouting();
        var surface = new HttpSurface(read, new KnownScrapers(new HttpOptions { TrustNetwork = false }, TimeProvider.System), () => null, new OwnFamilies("1.2.3+abc", () => []));
        surface.Map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ServedSurface(app, surface);
    }

    public static Task<ServedSurface> StartAsync(Page page) => StartAsync((print, _) => Task.FromResult(print(page)));

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
    }
}
