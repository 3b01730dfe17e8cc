using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using SpanMetrics.Exposition;
using SpanMetrics.Pipeline;

namespace SpanMetrics.Tests.Unit;

/// <summary>The page for people on a free port of this machine, of a worker without Kafka.</summary>
internal sealed class StatusHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ReplaySink _sink;

    private StatusHost(WebApplication app, ReplaySink sink)
    {
        _app = app;
        _sink = sink;
        Address = new Uri(app.Urls.Single());
    }

    public Uri Address { get; }

    public static async Task<StatusHost> StartAsync(string? whyNotReady = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        WebApplication app = builder.Build();
        app.UseRouting();
        ReplaySink sink = Printed.Sink();
        new StatusSurface(ReadAsync, new StatusHistory(TimeProvider.System), () => new WorkerFacts("1.2.3", ["otlp_spans"], whyNotReady)).Map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new StatusHost(app, sink);

        Task<PageBuffer> ReadAsync(Func<Page, PageBuffer> print, CancellationToken cancellation)
        {
            lock (sink)
            {
                return Task.FromResult(print(sink.Fold()));
            }
        }
    }

    public void Take(params byte[][] records)
    {
        lock (_sink)
        {
            foreach (byte[] record in records)
            {
                _sink.Take(record, isNull: false);
            }
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
