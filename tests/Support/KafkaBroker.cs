using System.Globalization;

namespace SpanMetrics.Tests.Support;

/// <summary>A real one-node Kafka, as KAFKA_HOME starts it, in a folder of its own.</summary>
internal sealed class KafkaBroker : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);

    private readonly TempFolder _folder;
    private readonly ChildProcess _process;
    private RecordWriter? _writer;

    private KafkaBroker(TempFolder folder, ChildProcess process)
    {
        _folder = folder;
        _process = process;
    }

    public string Brokers { get; private set; } = "";

    public RecordWriter Writer => _writer ??= RecordWriter.For(Brokers);

    /// <summary>Port 0: any free one.</summary>
    public static async Task<KafkaBroker> StartAsync(int port = 0)
    {
        var home = Parts.Require("KAFKA_HOME");
        var folder = new TempFolder();
        var process = ChildProcess.Start(
            Path.Combine(home, "start.sh"),
            ["--dir", folder.Path, "--port", port.ToString(CultureInfo.InvariantCulture)]);
        var broker = new KafkaBroker(folder, process);
        try
        {
            await Eventually.Async(
                () => process.Output.Contains('\n') || process.HasExited,
                StartDeadline,
                "the broker's word that it is ready",
                process.Describe);
            Assert.True(process.Output.StartsWith("ready ", StringComparison.Ordinal), process.Describe());
            broker.Brokers = process.Output["ready ".Length..].Trim();
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _writer?.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
