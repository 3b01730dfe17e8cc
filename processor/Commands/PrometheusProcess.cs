using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SpanMetrics.Commands;

/// <summary>A Prometheus that scrapes the demo's page every second, where the machine has one. Its folder goes with it.</summary>
internal sealed class PrometheusProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private PrometheusProcess(Process process, string folder, string url)
    {
        _process = process;
        _folder = folder;
        Url = url;
    }

    public string Url { get; }

    /// <summary>Null where the variable <c>PROMETHEUS</c> names none and none is on the path.</summary>
    public static PrometheusProcess? TryStart(string target)
    {
        if (Find() is not string program)
        {
            return null;
        }

        string folder = Directory.CreateTempSubdirectory("spanmetrics-demo-").FullName;
        string config = Path.Combine(folder, "prometheus.yml");
        File.WriteAllText(config, $$"""
            global: { scrape_interval: 1s }
            rule_files: ["{{Path.Combine(AppContext.BaseDirectory, "rules", "*.yml")}}"]
            scrape_configs:
              - job_name: spanmetrics
                static_configs: [{ targets: ["{{target}}"] }]
            """);
        int port = FreePort();
        var start = new ProcessStartInfo(program)
        {
            ArgumentList = { $"--config.file={config}", $"--storage.tsdb.path={Path.Combine(folder, "data")}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error" },
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { }; // read, so that a full pipe never stops it
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return new PrometheusProcess(process, folder, $"http://127.0.0.1:{port}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("PROMETHEUS") is { Length: > 0 } named)
        {
            return File.Exists(named) ? named : null;
        }

        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            string program = Path.Combine(folder, "prometheus");
            if (File.Exists(program))
            {
                return program;
            }
        }

        return null;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
