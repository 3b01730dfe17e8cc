using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace SpanMetrics.Tests.Support;

/// <summary>`spanmetrics run`, in its own process, with its page.</summary>
internal sealed class Worker : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly ChildProcess _process;
    private readonly HttpClient _client;

    private Worker(TempFolder folder, int port, IEnumerable<string> arguments)
    {
        _folder = folder;
        Address = $"127.0.0.1:{port}";
        _client = new HttpClient { BaseAddress = new Uri($"http://{Address}"), Timeout = TimeSpan.FromSeconds(10) };
        _process = ChildProcess.Start(ProgramUnderTest.File, ["run", .. arguments]);
    }

    public string Address { get; }

    public string Log => _process.Output + _process.Error;

    public bool HasExited => _process.HasExited;

    public string Describe() => _process.Describe();

    /// <summary>A configuration as a user writes it, with client settings that make a small group settle fast; <paramref name="more"/> is YAML.</summary>
    public static Worker Start(string brokers, string topic, string group, int consumers = 1, string logs = "", string http = "", string more = "", string client = "fetch.wait.max.ms: 50")
    {
        var folder = new TempFolder();
        var port = FreePort.Next();
        var file = folder.Write("spanmetrics.yml", $$"""
            kafka:
              bootstrap_servers: {{brokers}}
              group_id: {{group}}
              consumers: {{consumers}}
              topics: { traces: [{{topic}}], logs: [{{logs}}] }
              client: { {{client}}, session.timeout.ms: 6000, reconnect.backoff.max.ms: 1000 }
            http: { listen: 127.0.0.1:{{port}}, {{http}} }
            {{more}}
            """);
        return new Worker(folder, port, ["--config", file]);
    }

    /// <summary>A configuration that is shipped; only addresses, topic and group differ.</summary>
    public static Worker StartShipped(string file, string brokers, string topic, string group)
    {
        var port = FreePort.Next();
        return new Worker(new TempFolder(), port,
        [
            "--config", file,
            "--set", $"kafka.bootstrap_servers={brokers}",
            "--set", $"kafka.topics.traces=[{topic}]",
            "--set", $"kafka.group_id={group}",
            "--set", $"http.listen=127.0.0.1:{port}",
        ]);
    }

    /// <summary>The page as anybody gets it who is no scraper: every value as it is.</summary>
    public async Task<MetricsPage> PageAsync() => MetricsPage.Parse(await _client.GetStringAsync(new Uri("/metrics", UriKind.Relative)));

    public Task<string> TextAsync(string path) => _client.GetStringAsync(new Uri(path, UriKind.Relative));

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative));
        return response.StatusCode;
    }

    /// <summary>Spans that its consumers said they had counted and released, as each of them says at its end.</summary>
    public double Stopped() => Regex.Matches(Log, @"Stopped: (\d+) spans").Sum(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

    public Task ReadyAsync() => Eventually.Async(
        async () =>
        {
            Assert.False(_process.HasExited, Describe());
            return await StatusAsync("/-/ready") == HttpStatusCode.OK;
        },
        TimeSpan.FromSeconds(60),
        "the worker to be ready",
        Describe);

    /// <summary>The first page that the condition holds for.</summary>
    public async Task<MetricsPage> PageAsync(Func<MetricsPage, bool> condition, TimeSpan deadline, string what)
    {
        MetricsPage? page = null;
        await Eventually.Async(
            async () =>
            {
                Assert.False(_process.HasExited, Describe());
                page = await PageAsync();
                return condition(page);
            },
            deadline,
            what,
            () => $"{Describe()}\n--- {page?.Sum("traces_spanmetrics_calls_total")} calls; of the worker itself:\n{string.Join('\n', page?.Own() ?? [])}");
        return page!;
    }

    public void Signal(int signal) => _process.Signal(signal);

    public Task<int> ExitAsync(TimeSpan deadline) => _process.ExitAsync(deadline);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
