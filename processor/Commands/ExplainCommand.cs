using System.CommandLine;
using SpanMetrics.Ingest;
using SpanMetrics.Pipeline;

namespace SpanMetrics.Commands;

/// <summary><c>spanmetrics explain</c>: for each span what it is counted as, and why.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var trace = new Option<string?>("--trace") { Description = "Only spans of this trace (32 hexadecimal digits).", HelpName = "ID" };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("explain", "Print for each span its class, outcome and dimensions, and where each came from.") { trace, json };
        var files = new RecordFiles(command);
        command.SetAction(parse =>
        {
            try
            {
                using var output = new StreamWriter(Console.OpenStandardOutput());
                var explainer = new SpanExplainer(output, parse.GetValue(json), parse.GetValue(trace));
                var sink = new FileRecordSink(explainer);
                foreach (RecordFile file in files.Open(parse))
                {
                    file.Read(sink);
                }

                return ExitCode.Done;
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
