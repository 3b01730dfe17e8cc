using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace SpanMetrics.Tests.Support;

/// <summary>A real OpenTelemetry Collector: OTLP in, a Kafka topic or whatever else out.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private static readonly int[] ShippedPorts = [4317, 4318, 13133];

    private readonly TempFolder _folder = new();
    private readonly HttpClient _client;
    private readonly ChildProcess _process;

    private Collector(string program, Func<int, TempFolder, IEnumerable<string>> arguments)
    {
        Port = FreePort.Next();
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };
        _process = ChildProcess.Start(program, arguments(Port, _folder));
    }

    /// <summary>Where it takes OTLP; over HTTP or gRPC, as it was started.</summary>
    public Uri Address => _client.BaseAddress!;

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
    public static Task<Collector> StartAsync(Func<int, string> configuration) =>
        StartAsync((port, folder) => ["--config", $"file:{folder.Write("collector.yaml", configuration(port))}"]);

    /// <summary>The files that a recipe is started with.</summary>
    public static IReadOnlyList<string> RecipeFiles(string recipe) =>
        [Repository.PathOf("compose", "collectors", "kafka.yaml"), Repository.PathOf("compose", "collectors", $"{recipe}.yaml")];

    /// <summary>
    /// A recipe that is shipped. Addresses and topics differ, and a batch is what was sent at once, so that a trace can be in several.
    /// It is spoken to at <paramref name="port"/>, 4317 or 4318 in the recipe.
    /// </summary>
    public static Task<Collector> StartRecipeAsync(string recipe, int port, string brokers, string traces, string logs, bool byTrace = true) => StartAsync((own, folder) =>
    [
        .. RecipeFiles(recipe).SelectMany(file => new[] { "--config", $"file:{folder.Write(Path.GetFileName(file), Local(File.ReadAllText(file), port, own))}" }),
        $"--set=exporters.kafka.brokers=[{brokers}]",
        .. byTrace ? Array.Empty<string>() : ["--set=exporters.kafka.partition_traces_by_id=false"],
        $"--set=exporters.kafka.traces.topic={traces}",
        $"--set=exporters.kafka.logs.topic={logs}",
        "--set=processors.batch.send_batch_size=1",
        "--set=service.telemetry.metrics.level=none",
    ]);

    /// <summary>One export request over OTLP/HTTP, as an SDK sends it.</summary>
    /// <param name="signal">traces or logs.</param>
    public async Task ExportAsync(byte[] request, string signal = "traces")
    {
        using var content = new ByteArrayContent(request);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        using var response = await _client.PostAsync(new Uri($"/v1/{signal}", UriKind.Relative), content);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}\n{_process.Describe()}");
    }

    /// <summary>One export request over OTLP/gRPC: a byte for no compression, the length, the message; the status comes in a trailer.</summary>
    public async Task ExportByGrpcAsync(byte[] request, string signal)
    {
        var framed = new byte[5 + request.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), request.Length);
        request.CopyTo(framed, 5);
        var service = signal == "logs" ? "logs.v1.LogsService" : "trace.v1.TraceService";
        using var message = new HttpRequestMessage(HttpMethod.Post, $"/opentelemetry.proto.collector.{service}/Export")
        {
            Content = new ByteArrayContent(framed),
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        message.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        using var response = await _client.SendAsync(message);
        await response.Content.ReadAsByteArrayAsync();   // the trailers come after it
        var status = response.TrailingHeaders.Concat(response.Headers).First(header => header.Key == "grpc-status").Value.Single();
        Assert.True(status == "0", $"{response.TrailingHeaders}\n{response.Headers}\n{_process.Describe()}");
    }

    public string Describe() => _process.Describe();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<Collector> StartAsync(Func<int, TempFolder, IEnumerable<string>> arguments)
    {
        var collector = new Collector(Parts.Require("OTELCOL"), arguments);
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

    private static string Local(string recipe, int port, int own) =>
        ShippedPorts.Aggregate(recipe, (text, shipped) => text.Replace($"0.0.0.0:{shipped}", $"127.0.0.1:{(shipped == port ? own : FreePort.Next())}", StringComparison.Ordinal));

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
