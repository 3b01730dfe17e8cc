using System.Collections;
using System.CommandLine;
using SpanMetrics.Aggregation;
using SpanMetrics.Configuration;
using SpanMetrics.Pipeline;
using SpanMetrics.Semantics;

namespace SpanMetrics.Commands;

/// <summary>Options that several verbs share.</summary>
internal static class CommonOptions
{
    public static Option<string?> Config() => new("--config") { Description = "The configuration file (YAML).", HelpName = "FILE" };

    public static Option<string[]> Set() => new("--set")
    {
        Description = "Overrides one key of the configuration, as in --set kafka.group_id=x. Repeatable.",
        HelpName = "KEY=VALUE",
        DefaultValueFactory = _ => [],
    };

    public static Option<string> Log()
    {
        var option = new Option<string>("--log") { Description = "Log as text or json, on standard error.", DefaultValueFactory = _ => "text" };
        option.AcceptOnlyFromAmong("text", "json");
        return option;
    }

    /// <exception cref="ConfigurationException">With every mistake.</exception>
    public static SpanMetricsOptions Load(string? file, string[] sets)
    {
        var environment = new Dictionary<string, string>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            environment.Add((string)variable.Key, (string?)variable.Value ?? "");
        }

        return ConfigurationLoader.Load(file, sets, environment);
    }

    /// <summary>What the options mean to a pipeline.</summary>
    public static PipelineOptions PipelineOf(SpanMetricsOptions options) => new()
    {
        Views = options.BuildViews(),
        Rules = options.BuildRules(),
        Limits = options.Limits,
        AdjustedCounts = options.AdjustedCounts,
        GatewayDecisions = options.GatewayDecisions,
        Dimensions = [.. options.Dimensions],
        Absent = options.Profile == Profile.Default ? "none" : "", // as the originals have it
        Exemplars = options.Exemplars,
    };

    /// <summary>Prints every mistake, one a line.</summary>
    public static int Report(ConfigurationException exception)
    {
        foreach (string error in exception.Errors)
        {
            Console.Error.WriteLine($"spanmetrics: {error}");
        }

        return ExitCode.Usage;
    }
}
