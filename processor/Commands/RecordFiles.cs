using System.CommandLine;
using SpanMetrics.Ingest;

namespace SpanMetrics.Commands;

/// <summary>What <c>replay</c> and <c>explain</c> have in common: files of records, and how to read them.</summary>
internal sealed class RecordFiles
{
    private static readonly string[] FormatNames = ["auto", "delimited", "otlp", "otlp-json"];
    private static readonly string[] SignalNames = ["auto", "traces", "logs"];

    private readonly Argument<string[]> _files = new("FILE") { Description = "Files of OTLP records; - is standard input.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _format = new("--format")
    {
        Description = "delimited (a varint length before each record), otlp (one record), otlp-json (one JSON object a line).",
        DefaultValueFactory = _ => FormatNames[0],
    };
    private readonly Option<string> _signal = new("--signal")
    {
        Description = "What the files hold; auto tells each record by its content.",
        DefaultValueFactory = _ => SignalNames[0],
    };

    public RecordFiles(Command command)
    {
        _format.AcceptOnlyFromAmong(FormatNames);
        _signal.AcceptOnlyFromAmong(SignalNames);
        command.Add(_files);
        command.Add(_format);
        command.Add(_signal);
    }

    /// <summary>Opens every file before the first record is read, so that a wrong name costs nothing.</summary>
    /// <exception cref="UnreadableFileException">One cannot be read.</exception>
    public RecordFile[] Open(ParseResult parse)
    {
        var format = (RecordFormat)Array.IndexOf(FormatNames, parse.GetValue(_format));
        var signal = (RecordSignal)Array.IndexOf(SignalNames, parse.GetValue(_signal));
        return Array.ConvertAll(parse.GetValue(_files)!, path => new RecordFile(path, format, signal));
    }
}
