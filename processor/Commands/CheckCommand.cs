using System.CommandLine;
using SpanMetrics.Aggregation;
using SpanMetrics.Configuration;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace SpanMetrics.Commands;

/// <summary><c>spanmetrics check</c>: validates the configuration and prints what is in effect.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        Option<string?> config = CommonOptions.Config();
        Option<string[]> set = CommonOptions.Set();
        var command = new Command("check", "Validate the configuration and print the effective one.") { config, set };
        command.SetAction(parse =>
        {
            try
            {
                SpanMetricsOptions options = CommonOptions.Load(parse.GetValue(config), parse.GetValue(set)!);
                foreach (string key in new List<string>(options.Kafka.Client.Keys))
                {
                    if (key.Contains("password", StringComparison.Ordinal) || key.Contains("secret", StringComparison.Ordinal) || key.Contains("pem", StringComparison.Ordinal))
                    {
                        options.Kafka.Client[key] = "<hidden>";
                    }
                }

                foreach (View view in options.BuildViews())
                {
                    options.Views[view.Name] = Views.OptionsOf(view, options.Limits, options.Dimensions);
                }

                foreach (string pitfall in options.Pitfalls())
                {
                    Console.Error.WriteLine($"spanmetrics: warning: {pitfall}");
                }

                string[] emitters = Array.ConvertAll(options.Emitters, emitter => emitter.Name);
                Console.Out.WriteLine($"# emitters: {string.Join(", ", [.. emitters, "and those that are built in"])}");
                Console.Out.Write(new SerializerBuilder()
                    .WithNamingConvention(UnderscoredNamingConvention.Instance)
                    .WithEnumNamingConvention(UnderscoredNamingConvention.Instance)
                    .ConfigureDefaultValuesHandling(DefaultValuesHandling.OmitNull) // a view that is off and says no more
                    .Build().Serialize(options));
                return ExitCode.Done;
            }
            catch (ConfigurationException exception)
            {
                return CommonOptions.Report(exception);
            }
        });
        return command;
    }
}
