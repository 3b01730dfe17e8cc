using System.Globalization;
using System.Net;
using System.Text.Json;

namespace SpanMetrics.Tests.Support;

/// <summary>A real Prometheus that scrapes one address every second, or by jobs of other intervals.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _client;
    private readonly ChildProcess _process;

    private PrometheusServer(string program, string target, string[] flags, (string Name, string Interval)[] jobs, string settings)
    {
        var address = $"127.0.0.1:{FreePort.Next()}";
        var configuration = _folder.Write("prometheus.yml", $"""
            global: {"{"} scrape_timeout: 1s {"}"}
            scrape_configs:
            {string.Concat(jobs.Select(job => $"- {{ job_name: {job.Name}, scrape_interval: {job.Interval}, static_configs: [ {{ targets: ['{target}'] }} ]{settings} }}\n"))}
            """);
        _client = new HttpClient { BaseAddress = new Uri($"http://{address}") };
        _process = ChildProcess.Start(program,
        [
            $"--config.file={configuration}",
            $"--storage.tsdb.path={Path.Combine(_folder.Path, "data")}",
            $"--web.listen-address={address}",
            "--log.level=warn",
            .. flags,
        ]);
    }

    public static Task<PrometheusServer> StartAsync(string target, params string[] flags) => StartAsync(target, flags, ("spanmetrics", "1s"));

    public static Task<PrometheusServer> StartAsync(string target, string[] flags, params (string Name, string Interval)[] jobs) => StartAsync(target, flags, jobs, "");

    /// <param name="target">Address and port.</param>
    /// <param name="flags">Of the command line.</param>
    /// <param name="jobs">The same target by several names.</param>
    /// <param name="settings">What else each job has, as in `, scheme: https`.</param>
    public static async Task<PrometheusServer> StartAsync(string target, string[] flags, (string Name, string Interval)[] jobs, string settings)
    {
        var server = new PrometheusServer(Parts.Require("PROMETHEUS"), target, flags, jobs, settings);
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
