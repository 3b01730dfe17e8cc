using System.CommandLine;
using SpanMetrics.Configuration;

namespace SpanMetrics.Commands;

/// <summary><c>spanmetrics run</c>: the worker.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        Option<string?> config = CommonOptions.Config();
        Option<string[]> set = CommonOptions.Set();
        Option<string> log = CommonOptions.Log();
        var command = new Command("run", "Consume OTLP traces and logs from Kafka and serve metrics (the default verb).") { config, set, log };
        command.SetAction((parse, cancellation) =>
            RunAsync(parse.GetValue(config), parse.GetValue(set)!, parse.GetValue(log) == "json", cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string? config, string[] sets, bool logJson, CancellationToken cancellation)
    {
        try
        {
            SpanMetricsOptions options = CommonOptions.Load(config, sets);
            await using WorkerHost host = await WorkerHost.StartAsync(options, LogLevel.Information, logJson, cancellation).ConfigureAwait(false);
            return await host.WaitAsync(cancellation).ConfigureAwait(false) ? ExitCode.Done : ExitCode.Failed;
        }
        catch (ConfigurationException exception)
        {
            return CommonOptions.Report(exception);
        }
        catch (ListenException exception)
        {
            Console.Error.WriteLine($"spanmetrics: {exception.Message}");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Done; // told to stop before it had started
        }
    }
}
