using System.Net.Http.Headers;
using System.Net.Sockets;

namespace SpanMetrics.Tests.Support;

/// <summary>A real OpenTelemetry Collector: OTLP/HTTP in, a Kafka topic or whatever else out.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _client;
    private readonly ChildProcess _process;

    private Collector(string program, Func<int, string> configuration)
    {
        var port = FreePort.Next();
        var file = _folder.Write("collector.yaml", configuration(port));
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        _process = ChildProcess.Start(program, ["--config", $"file:{file}"]);
        Port = port;
    }

    private int Port { get; }

    public static Task<Collector> StartAsync(string brokers, string topic) => StartAsync(port => $$"""
        receivers:
          otlp:
            protocols:
              http: { endpoint: "127.0.0.1:{{port}}" }
        processors:
          batch: { send_batch_size: 200, send_batch_max_size: 400, timeout: 200ms }
        exporters:
          kafka:
            brokers: ["{{brokers}}"]
            traces: { topic: "{{topic}}", encoding: otlp_proto }
        service:
          pipelines:
            traces: { receivers: [otlp], processors: [batch], exporters: [kafka] }
          telemetry:
            logs: { level: warn }
            metrics: { level: none }
        """);

    /// <param name="configuration">By the port at which it takes OTLP/HTTP.</param>
    public static async Task<Collector> StartAsync(Func<int, string> configuration)
    {
        var collector = new Collector(Parts.Require("OTELCOL"), configuration);
        try
        {
            await Eventually.Async(collector.AcceptsAsync, TimeSpan.FromSeconds(60), "the collector's OTLP port", collector._process.Describe);
            return collector;
        }
        catch
        {
            await collector.DisposeAsync();
            throw;
        }
    }

    /// <summary>One export request, as an SDK sends it.</summary>
    public async Task ExportAsync(byte[] request)
    {
        using var content = new ByteArrayContent(request);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        using var response = await _client.PostAsync(new Uri("/v1/traces", UriKind.Relative), content);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}\n{_process.Describe()}");
    }

    public string Describe() => _process.Describe();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<bool> AcceptsAsync()
    {
        Assert.False(_process.HasExited, _process.Describe());
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
