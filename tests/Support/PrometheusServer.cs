using System.Globalization;
using System.Net;
using System.Text.Json;

namespace SpanMetrics.Tests.Support;

/// <summary>A real Prometheus, in a folder of its own.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly HttpClient _client;
    private readonly ChildProcess _process;

    private PrometheusServer(string program, TempFolder folder, string configuration, string[] flags)
    {
        var address = $"127.0.0.1:{FreePort.Next()}";
        _folder = folder;
        _client = new HttpClient { BaseAddress = new Uri($"http://{address}") };
        _process = ChildProcess.Start(program,
        [
            $"--config.file={folder.Write("prometheus.yml", configuration)}",
            $"--storage.tsdb.path={DataIn(folder)}",
            $"--web.listen-address={address}",
            "--log.level=warn",
            .. flags,
        ]);
    }

    /// <summary>It scrapes one address every second.</summary>
    public static Task<PrometheusServer> StartAsync(string target, params string[] flags) => StartAsync(target, flags, ("spanmetrics", "1s"));

    /// <summary>The versions that a page is read by: Debian 12's 2.42, 2.53 and some 3.x.</summary>
    public static string[] Versions { get; } = ["PROMETHEUS", "PROMETHEUS_2_53", "PROMETHEUS_3"];

    /// <summary>One of <see cref="Versions"/>; it scrapes one address every second.</summary>
    public static Task<PrometheusServer> StartVersionAsync(string part, string target, params string[] flags) => StartAsync(target, flags, [("spanmetrics", "1s")], "", part);

    /// <summary>It scrapes one address by several jobs.</summary>
    public static Task<PrometheusServer> StartAsync(string target, string[] flags, params (string Name, string Interval)[] jobs) => StartAsync(target, flags, jobs, "");

    /// <param name="target">Address and port.</param>
    /// <param name="flags">Of the command line.</param>
    /// <param name="jobs">The same target by several names.</param>
    /// <param name="settings">What else each job has, as in `, scheme: https`.</param>
    /// <param name="part">Which Prometheus.</param>
    public static Task<PrometheusServer> StartAsync(string target, string[] flags, (string Name, string Interval)[] jobs, string settings, string part = "PROMETHEUS") => StartAsync(
        Parts.Require(part),
        new TempFolder(),
        $"""
            global: {"{"} scrape_timeout: 1s {"}"}
            scrape_configs:
            {string.Concat(jobs.Select(job => $"- {{ job_name: {job.Name}, scrape_interval: {job.Interval}, static_configs: [ {{ targets: ['{target}'] }} ]{settings} }}\n"))}
            """,
        flags);

    /// <param name="folder">Becomes the server's: it goes when the server does.</param>
    public static async Task<PrometheusServer> StartAsync(string program, TempFolder folder, string configuration, params string[] flags)
    {
        var server = new PrometheusServer(program, folder, configuration, flags);
        try
        {
            await Eventually.Async(server.IsReadyAsync, TimeSpan.FromSeconds(60), "Prometheus to be ready", server._process.Describe);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where a server that is started with this folder looks for its samples.</summary>
    public static string DataIn(TempFolder folder) => Path.Combine(folder.Path, "data");

    /// <summary>The instant vector that the query has now.</summary>
    public async Task<IReadOnlyList<Sample>> QueryAsync(string query)
    {
        JsonElement data = await GetAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}");
        return [.. data.GetProperty("result").EnumerateArray().Select(ToSample)];
    }

    /// <summary>What an address of its API answers.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var document = JsonDocument.Parse(await _client.GetStringAsync(new Uri(path, UriKind.Relative)));
        return document.RootElement.GetProperty("data").Clone();
    }

    /// <summary>Warnings and worse.</summary>
    public string Log => _process.Output + _process.Error;

    /// <summary>The value of a query that has one series, or null.</summary>
    public async Task<double?> ValueAsync(string query) => (await QueryAsync(query)) is [var only] ? only.Value : null;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static Sample ToSample(JsonElement series)
    {
        var labels = series.GetProperty("metric").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!);
        labels.Remove("__name__", out var name);
        return new Sample(name ?? "", labels, double.Parse(series.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture));
    }

    private async Task<bool> IsReadyAsync()
    {
        Assert.False(_process.HasExited, _process.Describe());
        using var response = await _client.GetAsync(new Uri("/-/ready", UriKind.Relative));
        return response.StatusCode == HttpStatusCode.OK;
    }
}
