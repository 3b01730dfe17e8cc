using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace SpanMetrics.Tests.Support;

/// <summary>A real Alertmanager with the shipped configuration; only where its messages go differs.</summary>
internal sealed class AlertmanagerServer : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _client;
    private readonly ChildProcess _process;

    private AlertmanagerServer(string program, string receiver, int hurry)
    {
        Address = $"127.0.0.1:{FreePort.Next()}";
        _client = new HttpClient { BaseAddress = new Uri($"http://{Address}") };
        File.Copy(Repository.PathOf("compose", "alertmanager.tmpl"), Path.Combine(_folder.Path, "alertmanager.tmpl"));
        string shipped = Hurried.Durations(File.ReadAllText(Repository.PathOf("compose", "alertmanager.yml")), hurry);
        string configuration = shipped
            .Replace("/etc/alertmanager/slack_url", _folder.Write("slack_url", $"http://{receiver}/slack"), StringComparison.Ordinal)
            .Replace("/etc/alertmanager/pagerduty_key", _folder.Write("pagerduty_key", "key"), StringComparison.Ordinal)
            .Replace("http://127.0.0.1:9095/", $"http://{receiver}/", StringComparison.Ordinal)
            .Replace("\nglobal:\n", $"\nglobal:\n  pagerduty_url: http://{receiver}/page\n", StringComparison.Ordinal);
        _process = ChildProcess.Start(program,
        [
            $"--config.file={_folder.Write("alertmanager.yml", configuration)}",
            $"--storage.path={Path.Combine(_folder.Path, "data")}",
            $"--web.listen-address={Address}",
            "--cluster.listen-address=",
        ]);
    }

    public string Address { get; }

    public string Describe() => _process.Describe();

    /// <param name="hurry">What waits are divided by.</param>
    public static async Task<AlertmanagerServer> StartAsync(string receiver, int hurry = 1)
    {
        var server = new AlertmanagerServer(Parts.Require("ALERTMANAGER"), receiver, hurry);
        try
        {
            await Eventually.Async(server.IsReadyAsync, TimeSpan.FromSeconds(60), "Alertmanager to be ready", server.Describe);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>As Prometheus does, for ten minutes.</summary>
    public async Task PostAsync(params (Dictionary<string, string> Labels, Dictionary<string, string> Annotations)[] alerts)
    {
        string end = DateTime.UtcNow.AddMinutes(10).ToString("O", CultureInfo.InvariantCulture);
        using var response = await _client.PostAsJsonAsync(
            new Uri("/api/v2/alerts", UriKind.Relative),
            alerts.Select(alert => new { labels = alert.Labels, annotations = alert.Annotations, endsAt = end }));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The active alerts, each as its labels and whether another one mutes it.</summary>
    public async Task<IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, bool IsMuted)>> AlertsAsync()
    {
        using var document = JsonDocument.Parse(await _client.GetStringAsync(new Uri("/api/v2/alerts?active=true&inhibited=true", UriKind.Relative)));
        return
        [
            .. document.RootElement.EnumerateArray().Select(alert => (
                (IReadOnlyDictionary<string, string>)alert.GetProperty("labels").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!),
                alert.GetProperty("status").GetProperty("inhibitedBy").GetArrayLength() > 0)),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        Assert.False(_process.HasExited, _process.Describe());
        using var response = await _client.GetAsync(new Uri("/-/ready", UriKind.Relative));
        return response.StatusCode == HttpStatusCode.OK;
    }
}
