using System.CommandLine;
using SpanMetrics.Commands;

var root = new RootCommand("Turns the traces of AI agents into metrics: who was denied what, how risky was it, with which tool and which model.")
{
    RunCommand.Create(),
    CheckCommand.Create(),
    DemoCommand.Create(),
    ReplayCommand.Create(),
    ExplainCommand.Create(),
    GenerateCommand.Create(),
};

// "spanmetrics --config x" means "spanmetrics run --config x".
bool hasVerb = args is [['-', 'h' or '?', ..] or "--help" or "--version" or "/?" or "/h", ..] || (args.Length > 0 && args[0][0] != '-');
ParseResult parse = root.Parse(hasVerb ? args : ["run", .. args]);
if (parse.Errors.Count > 0)
{
    foreach (var error in parse.Errors)
    {
        Console.Error.WriteLine($"spanmetrics: {error.Message}");
    }

    Console.Error.WriteLine("spanmetrics: see spanmetrics --help");
    return ExitCode.Usage;
}

// A verb that is told to stop has as long as Kubernetes gives it, and more.
return await parse.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1), EnableDefaultExceptionHandler = false });
