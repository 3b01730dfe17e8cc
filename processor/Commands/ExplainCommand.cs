using System.CommandLine;
using SpanMetrics.Configuration;
using SpanMetrics.Ingest;
using SpanMetrics.Pipeline;

namespace SpanMetrics.Commands;

/// <summary><c>spanmetrics explain</c>: for each span what it is counted as, and why.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        Option<string?> config = CommonOptions.Config();
        Option<string[]> set = CommonOptions.Set();
        var trace = new Option<string?>("--trace") { Description = "Only spans and log records of this trace (32 hexadecimal digits).", HelpName = "ID" };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("explain", "Print for each span its class, outcome and dimensions, where each came from, and what it counts as.") { config, set, trace, json };
        var files = new RecordFiles(command);
        command.SetAction(parse =>
        {
            try
            {
                PipelineOptions options = CommonOptions.PipelineOf(CommonOptions.Load(parse.GetValue(config), parse.GetValue(set)!));
                RecordFile[] opened = files.Open(parse);
                using var to = new BufferedStream(Console.OpenStandardOutput());
                using var text = new StreamWriter(to);
                IExplanationWriter writer = parse.GetValue(json) ? new ExplanationJson(to) : new ExplanationText(text);
                var sink = new FileRecordSink(new SpanExplainer(options, writer, parse.GetValue(trace)));
                foreach (RecordFile file in opened)
                {
                    file.Read(sink);
                }

                return ExitCode.Done;
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
}
