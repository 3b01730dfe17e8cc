using System.CommandLine;
using System.CommandLine.Parsing;
using SpanMetrics.Generator;

namespace SpanMetrics.Commands;

/// <summary>`spanmetrics generate`: believable agents' traffic to a topic, a collector or a file, and what must be counted from it.</summary>
internal static class GenerateCommand
{
    private const string KafkaScheme = "kafka:";
    private const string FileScheme = "file:";
    private const string OtlpScheme = "otlp:";

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var to = new Option<string>("--to")
        {
            Description = "Where to: kafka:BROKERS/TOPIC, otlp:URL (OTLP/HTTP, as otlp:http://127.0.0.1:4318) or file:PATH.",
            Required = true,
            HelpName = "TARGET",
        };
        var rate = new Option<int?>("--rate")
        {
            Description = "Spans per second; 0 is as fast as possible. Default 0 with --count, else 500.",
            HelpName = "N",
        };
        var count = new Option<long>("--count")
        {
            Description = "Spans in all; 0 is until stopped.",
            HelpName = "N",
            DefaultValueFactory = _ => 0,
        };
        var batch = new Option<int>("--batch")
        {
            Description = "Spans in a record.",
            HelpName = "N",
            DefaultValueFactory = _ => TrafficPace.DefaultBatch,
        };
        var scenario = new Option<string[]>("--scenario")
        {
            Description = $"What happens to the agents; repeatable, default all: {string.Join(", ", Scenarios.Names)}.",
            HelpName = "NAME",
            DefaultValueFactory = _ => [],
        };
        var seed = new Option<int>("--seed")
        {
            Description = "The same seed gives the same traffic.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        to.Validators.Add(CheckTarget);
        scenario.Validators.Add(CheckScenarios);
        rate.Validators.Add(result => CheckLeast(result, 0));
        count.Validators.Add(result => CheckLeast(result, 0));
        batch.Validators.Add(result => CheckLeast(result, 1));

        var command = new Command("generate", "Send generated traffic of AI agents and print what must be counted from it.");
        command.Options.Add(to);
        command.Options.Add(rate);
        command.Options.Add(count);
        command.Options.Add(batch);
        command.Options.Add(scenario);
        command.Options.Add(seed);
        command.SetAction((parse, stop) =>
        {
            long spans = parse.GetValue(count);
            var pace = new TrafficPace(
                parse.GetValue(rate) ?? (spans > 0 ? 0 : TrafficPace.DefaultRate), spans, parse.GetValue(batch));
            var traffic = new AgentTraffic(parse.GetValue(seed), parse.GetValue(scenario) ?? []);
            return RunAsync(parse.GetValue(to)!, traffic, pace, TimeProvider.System, stop);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        string to, AgentTraffic traffic, TrafficPace pace, TimeProvider clock, CancellationToken stop)
    {
        long undelivered;
        try
        {
            await using IBatchTarget target = await OpenAsync(to, stop);
            undelivered = await TrafficSender.RunAsync(traffic, target, pace, clock, Progress(clock), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            undelivered = 0;   // stopped before the broker answered: nothing was driven
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"generate: {failure.Message}");
            return ExitCode.Failed;
        }
        EndProgress();
        await PrintAsync(traffic.Summary);
        if (undelivered > 0)
        {
            await Console.Error.WriteLineAsync($"generate: {undelivered} of {traffic.Summary.Records} records were not acknowledged");
            return ExitCode.Failed;
        }
        return ExitCode.Done;
    }

    private static async Task<IBatchTarget> OpenAsync(string to, CancellationToken stop)
    {
        if (TryKafka(to, out string brokers, out string topic))
        {
            return await KafkaTarget.ConnectAsync(brokers, topic, stop);
        }
        return TryOtlp(to, out string url) ? new OtlpTarget(url, TimeProvider.System) : new FileTarget(to[FileScheme.Length..]);
    }

    private static async Task PrintAsync(TrafficSummary summary)
    {
        await using Stream output = Console.OpenStandardOutput();
        summary.WriteJson(output);
        output.Write("\n"u8);
    }

    /// <summary>For people only: nothing where standard error is no terminal.</summary>
    private static Action<TrafficSummary>? Progress(TimeProvider clock)
    {
        if (Console.IsErrorRedirected)
        {
            return null;
        }
        long shown = clock.GetTimestamp();
        long spansThen = 0;
        return summary =>
        {
            TimeSpan since = clock.GetElapsedTime(shown);
            if (since < ProgressInterval)
            {
                return;
            }
            double rate = (summary.Spans - spansThen) / since.TotalSeconds;
            shown = clock.GetTimestamp();
            spansThen = summary.Spans;
            Console.Error.Write($"\r{summary.Spans:N0} spans, {rate:N0} spans/s   ");
        };
    }

    private static void EndProgress()
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.WriteLine();
        }
    }

    private static bool TryKafka(string to, out string brokers, out string topic)
    {
        int slash = to.LastIndexOf('/');
        bool kafka = to.StartsWith(KafkaScheme, StringComparison.Ordinal) && slash > KafkaScheme.Length && slash < to.Length - 1;
        brokers = kafka ? to[KafkaScheme.Length..slash] : "";
        topic = kafka ? to[(slash + 1)..] : "";
        return kafka;
    }

    private static bool TryOtlp(string to, out string url)
    {
        url = to.StartsWith(OtlpScheme, StringComparison.Ordinal) ? to[OtlpScheme.Length..] : "";
        return Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) && parsed.Scheme is ("http" or "https");
    }

    private static void CheckTarget(OptionResult result)
    {
        string to = result.GetValueOrDefault<string>() ?? "";
        if (!TryKafka(to, out _, out _) && !TryOtlp(to, out _) && !(to.StartsWith(FileScheme, StringComparison.Ordinal) && to.Length > FileScheme.Length))
        {
            result.AddError($"--to {to}: expected kafka:BROKERS/TOPIC, otlp:URL or file:PATH");
        }
    }

    private static void CheckScenarios(OptionResult result)
    {
        foreach (Token token in result.Tokens)
        {
            if (!Scenarios.TryParse(token.Value, out _))
            {
                result.AddError($"--scenario {token.Value}: unknown; known are {string.Join(", ", Scenarios.Names)}");
            }
        }
    }

    private static void CheckLeast(OptionResult result, long least)
    {
        foreach (Token token in result.Tokens)
        {
            if (long.TryParse(token.Value, out long value) && value < least)
            {
                result.AddError($"{result.Option.Name} {token.Value}: must be {least} or more");
            }
        }
    }
}
