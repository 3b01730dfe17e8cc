using System.CommandLine;
using SpanMetrics.Aggregation;
using SpanMetrics.Configuration;
using SpanMetrics.Exposition;
using SpanMetrics.Ingest;
using SpanMetrics.Pipeline;

namespace SpanMetrics.Commands;

/// <summary><c>spanmetrics replay</c>: files through the worker's rooms, and the page that comes out.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        Option<string?> config = CommonOptions.Config();
        Option<string[]> set = CommonOptions.Set();
        var output = new Option<string>("--output") { Description = "Print the page as text, openmetrics or json.", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "openmetrics", "json");
        var command = new Command("replay", "Read OTLP records from files and print the metrics.") { config, set, output };
        var files = new RecordFiles(command);
        command.SetAction(parse =>
        {
            try
            {
                SpanMetricsOptions options = CommonOptions.Load(parse.GetValue(config), parse.GetValue(set)!);
                return Replay(files.Open(parse), options, parse.GetValue(output)!);
            }
            catch (ConfigurationException exception)
            {
                return CommonOptions.Report(exception);
            }
            catch (UnreadableFileException exception)
            {
                Console.Error.WriteLine($"spanmetrics: {exception.Message}");
                return ExitCode.UnreadableInput;
            }
        });
        return command;
    }

    private static int Replay(RecordFile[] files, SpanMetricsOptions options, string output)
    {
        var replay = new ReplaySink(CommonOptions.PipelineOf(options));
        var sink = new FileRecordSink(replay);
        foreach (RecordFile file in files)
        {
            file.Read(sink);
        }

        Page page = replay.Fold();
        using Stream to = Console.OpenStandardOutput();
        if (output == "json")
        {
            JsonPageWriter.Write(page, to);
            to.Write("\n"u8);
        }
        else
        {
            using var text = new PageBuffer();
            PageWriter.Write(page, output == "openmetrics" ? PageFormat.OpenMetrics : PageFormat.Text, text);
            text.CopyTo(to);
        }

        InputCounts input = replay.Input;
        Console.Error.WriteLine(
            $"records={input.Records} spans={input.Traces.Items} counted={input.Traces.Counted} filtered={input.Traces.Filtered} invalid={input.Traces.Invalid} duplicate=0 log_records={input.Logs.Items}");
        return ExitCode.Done;
    }
}
