using System.Net;
using System.Net.Sockets;
using SpanMetrics.Aggregation;
using SpanMetrics.Configuration;
using SpanMetrics.Diagnostics;
using SpanMetrics.Exposition;
using SpanMetrics.Pipeline;

namespace SpanMetrics.Commands;

/// <summary>The worker as a process has it: partition workers, their page on HTTP, in the generic host.</summary>
internal sealed class WorkerHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly WorkerService _workers;
    private readonly Scrapes _scrapes;
    private OwnMeter? _meter;
    private OtlpPush? _push;

    private WorkerHost(WebApplication app, WorkerService workers, Scrapes scrapes)
    {
        _app = app;
        _workers = workers;
        _scrapes = scrapes;
    }

    /// <summary>Where the page is, with the port that was taken.</summary>
    public string Address => string.Join(", ", _app.Urls);

    /// <summary>Ends when every worker has left its group; faulted as soon as one could not go on.</summary>
    public Task Ended => _workers.Ended;

    public Task<T> ReadPageAsync<T>(Func<Page, T> read, CancellationToken cancellation) => _scrapes.ReadAsync(read, cancellation);

    /// <summary>The page answers when this returns, and records are being read.</summary>
    /// <exception cref="ListenException">The address cannot be had.</exception>
    /// <exception cref="ConfigurationException">The file of http.web_config has mistakes.</exception>
    public static async Task<WorkerHost> StartAsync(SpanMetricsOptions options, LogLevel logLevel, bool logJson, CancellationToken cancellation)
    {
        IPEndPoint listen = HttpSurface.ParseAddress(options.Http.Listen)!; // checked when the options were loaded
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(logLevel).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Critical);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None); // start-up failures are reported by the verb, in one line
        if (logJson)
        {
            builder.Logging.AddJsonConsole();
        }
        else
        {
            builder.Logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                console.UseUtcTimestamp = true;
            });
        }

        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ApplicationServices.GetRequiredService<WebGuard>().Listen(kestrel, listen));
        builder.Services.AddSingleton(services => new WebConfigFile(options.Http.WebConfig, TimeProvider.System, services.GetRequiredService<ILogger<WebConfigFile>>()));
        builder.Services.AddSingleton(services => new WebGuard(services.GetRequiredService<WebConfigFile>().Current));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<WorkerService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<WorkerService>());
        builder.Services.AddSingleton(services => MakeWorkers(options, services.GetRequiredService<ILogger<PartitionWorker>>()));
        var scrapers = new KnownScrapers(options.Http, TimeProvider.System);
        builder.Services.AddSingleton(services => new Scrapes(
            services.GetRequiredService<PartitionWorker[]>(), new PageKeeper(options.BuildViews(), options.Limits, options.Kafka.Consumers, TimeProvider.System, scrapers, options.Http.CreatedTimestamps)));
        builder.Services.AddSingleton<RuntimeFamilies>();
        builder.Services.AddSingleton(services => new OwnFamilies(
            ProgramInfo.Version, () => [.. services.GetRequiredService<WebConfigFile>().Families(), .. ProcessFamilies.Read(), .. services.GetRequiredService<RuntimeFamilies>().Read()]));
        builder.Services.AddSingleton(services => new HttpSurface(
            services.GetRequiredService<Scrapes>().ReadAsync, scrapers, services.GetRequiredService<WorkerService>().WhyNotReady, services.GetRequiredService<OwnFamilies>()));
        var history = new StatusHistory(TimeProvider.System);
        builder.Services.AddHostedService(services => new StatusClock(services.GetRequiredService<Scrapes>().ReadAsync, history, TimeProvider.System));

        WebApplication app = builder.Build();
        WorkerService workers = app.Services.GetRequiredService<WorkerService>();
        Scrapes scrapes = app.Services.GetRequiredService<Scrapes>();
        WebConfigFile webConfig = app.Services.GetRequiredService<WebConfigFile>();
        app.Use(app.Services.GetRequiredService<WebGuard>().AdmitAsync);
        app.UseRouting();
        app.Services.GetRequiredService<HttpSurface>().Map(app);
        string[] topics = [.. options.Kafka.Topics.Traces, .. options.Kafka.Topics.Logs];
        new StatusSurface(scrapes.ReadAsync, history, () => new WorkerFacts(ProgramInfo.Version, topics, workers.WhyNotReady())).Map(app);

        ILogger logger = app.Services.GetRequiredService<ILogger<WorkerHost>>();
        Log.Starting(logger, ProgramInfo.Version, ProgramInfo.LibrdkafkaVersion, ProgramInfo.LibrdkafkaPath);
        var host = new WorkerHost(app, workers, scrapes);
        try
        {
            await app.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            await host.DisposeAsync().ConfigureAwait(false);
            if (exception is IOException or SocketException)
            {
                throw new ListenException($"cannot listen on http.listen = {options.Http.Listen}: {exception.Message}", exception);
            }

            throw;
        }

        host.Tell(options.Telemetry, app.Services.GetRequiredService<OwnFamilies>());
        Log.Listening(logger, host.Address);
        foreach (string pitfall in options.Pitfalls())
        {
            Log.Pitfall(logger, pitfall);
        }

        if (!IPAddress.IsLoopback(listen.Address) && !webConfig.Current().KnowsReaders)
        {
            Log.Exposed(logger, host.Address);
        }

        return host;
    }

    // Once the workers run: the meter asks them what there is to tell.
    private void Tell(TelemetryOptions options, OwnFamilies own)
    {
        _meter = new OwnMeter(() => _scrapes.ReadAsync(page => own.AddTo(page).Own, CancellationToken.None).GetAwaiter().GetResult());
        _push = options.ParseOtlp() is Uri endpoint ? new OtlpPush(endpoint, options, own.Version) : null;
    }

    private static PartitionWorker[] MakeWorkers(SpanMetricsOptions options, ILogger<PartitionWorker> logger)
    {
        var workers = new PartitionWorker[options.Kafka.Consumers];
        for (int i = 0; i < workers.Length; i++)
        {
            var pipeline = new RecordPipeline(CommonOptions.PipelineOf(options), TimeProvider.System);
            workers[i] = new PartitionWorker(options.Kafka, pipeline, TimeProvider.System, logger);
        }

        return workers;
    }

    /// <summary>Until a signal comes or the worker fails. False when it failed, or did not stop in the host's time (30 s).</summary>
    public async Task<bool> WaitAsync(CancellationToken stop)
    {
        Task stopped = _app.WaitForShutdownAsync(stop);
        await Task.WhenAny(stopped, Ended).ConfigureAwait(false);
        await StopAsync().ConfigureAwait(false);
        return Ended.IsCompletedSuccessfully;
    }

    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync()
    {
        _push?.Dispose(); // it asks the meter, and that the workers, for the last time
        _meter?.Dispose();
        return _app.DisposeAsync();
    }
}
