using System.CommandLine;
using System.Globalization;
using SpanMetrics.Configuration;
using SpanMetrics.Exposition;
using SpanMetrics.Generator;
using SpanMetrics.Ingest;
using SpanMetrics.Semantics;

namespace SpanMetrics.Commands;

/// <summary><c>spanmetrics demo</c>: broker, agents and worker in one process, and a Prometheus beside it where there is one.</summary>
internal static class DemoCommand
{
    private const string Topic = "otlp_spans";

    // For the last records to come out of the broker once the agents have stopped.
    private static readonly TimeSpan CatchUpPatience = TimeSpan.FromSeconds(15);

    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "Port of the page on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => 9464 };
        var rate = new Option<int>("--rate") { Description = "Spans per second.", DefaultValueFactory = _ => TrafficPace.DefaultRate };
        var duration = new Option<int>("--duration") { Description = "Seconds until it ends by itself; 0 is until Ctrl-C.", DefaultValueFactory = _ => 0 };
        var seed = new Option<int>("--seed") { Description = "The same seed gives the same traffic.", DefaultValueFactory = _ => 1 };
        foreach ((Option<int> option, int from, int to) in new[] { (port, 0, 65535), (rate, 1, 1_000_000), (duration, 0, 1_000_000) })
        {
            option.Validators.Add(result =>
            {
                if (int.TryParse(result.Tokens.Count > 0 ? result.Tokens[0].Value : "", CultureInfo.InvariantCulture, out int value) && (value < from || value > to))
                {
                    result.AddError($"{option.Name} {value}: must be {from} to {to}");
                }
            });
        }

        var command = new Command("demo", "Broker, agents and worker in one process, to look at.") { port, rate, duration, seed };
        command.SetAction((parse, cancellation) =>
            RunAsync(parse.GetValue(port), parse.GetValue(rate), parse.GetValue(duration), parse.GetValue(seed), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(int port, int rate, int duration, int seed, CancellationToken cancellation)
    {
        using var broker = new MockBroker();
        var options = new SpanMetricsOptions
        {
            Kafka = new KafkaOptions
            {
                BootstrapServers = broker.Address,
                Topics = new TopicOptions { Traces = [Topic], Logs = [] },
                Client = { ["fetch.wait.max.ms"] = "50" }, // the mock answers no earlier than this
            },
            Http = new HttpOptions { Listen = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}") },
        };
        try
        {
            var traffic = new AgentTraffic(seed, []);
            // The topic comes into being here; a consumer that came first would wait for its next look.
            await using KafkaTarget target = await KafkaTarget.ConnectAsync(broker.Address, Topic, cancellation).ConfigureAwait(false);
            await using WorkerHost host = await WorkerHost.StartAsync(options, LogLevel.Warning, logJson: false, cancellation).ConfigureAwait(false);
            using PrometheusProcess? prometheus = PrometheusProcess.TryStart(new Uri(host.Address).Authority);
            Introduce(host.Address, prometheus?.Url, duration);

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            if (duration > 0)
            {
                stop.CancelAfter(TimeSpan.FromSeconds(duration));
            }

            _ = host.Ended.ContinueWith(_ => stop.Cancel(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            await TrafficSender.RunAsync(traffic, target, new TrafficPace(rate, 0, TrafficPace.DefaultBatch), TimeProvider.System, null, stop.Token).ConfigureAwait(false);
            await CatchUpAsync(host, traffic.Summary.Spans).ConfigureAwait(false);
            int exitCode = await host.ReadPageAsync(page => Summarise(page, traffic.Summary), CancellationToken.None).ConfigureAwait(false);
            await host.StopAsync().ConfigureAwait(false);
            return exitCode;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
        catch (Exception exception) when (exception is IOException or ListenException)
        {
            Console.Error.WriteLine($"spanmetrics: {exception.Message}");
            return ExitCode.Failed;
        }
    }

    private static void Introduce(string page, string? prometheus, int duration)
    {
        Console.WriteLine($"Page      {page}/");
        Console.WriteLine($"Metrics   {page}/metrics");
        Console.WriteLine(prometheus is null
            ? "Prometheus  none on this machine (set PROMETHEUS to a binary to have one beside the demo)"
            : $"Prometheus  {prometheus}/api/v1/query?query={Uri.EscapeDataString(DenyRate)}\nAlerts    {prometheus}/alerts");
        Console.WriteLine("Look at: which tool is denied most, at which risk tier, asked for by which model; every so often the policy engine goes away and every call is denied with reason=\"engine_unavailable\".");
        Console.WriteLine(duration > 0 ? $"Ends in {duration} s." : "Ctrl-C ends it.");
    }

    private const string DenyRate =
        """sum by (tool) (rate(agent_decisions_total{deny="true"}[1m])) / sum by (tool) (rate(agent_decisions_total[1m]))""";

    private static async Task CatchUpAsync(WorkerHost host, long spans)
    {
        using var patience = new CancellationTokenSource(CatchUpPatience);
        while (await host.ReadPageAsync(page => Spans(page, ""), CancellationToken.None).ConfigureAwait(false) < spans
            && !host.Ended.IsCompleted && !patience.IsCancellationRequested)
        {
            await Task.Delay(50, CancellationToken.None).ConfigureAwait(false);
        }
    }

    // Of an outcome, or with an empty text all that were read.
    private static double Spans(Page page, string outcome)
    {
        double spans = 0;
        foreach (PlainFamily family in page.Own)
        {
            if (family.Name == "spanmetrics_input_spans_total")
            {
                foreach (((string Name, string Value)[] labels, double value) in family.Samples)
                {
                    spans += outcome.Length == 0 || labels.Contains(("outcome", outcome)) ? value : 0;
                }
            }
        }

        return spans;
    }

    private static int Summarise(Page page, TrafficSummary sent)
    {
        double counted = Spans(page, "counted");
        Console.WriteLine();
        Console.WriteLine($"{sent.Spans} spans in {sent.Records} records went through the broker, {counted} were counted.");
        Table("tool", DecisionShare.By(Dimension.Tool, page));
        Table("risk tier", DecisionShare.By(Dimension.RiskTier, page));
        Table("model", DecisionShare.By(Dimension.Model, page));
        if (counted == sent.Spans)
        {
            return ExitCode.Done;
        }

        Console.Error.WriteLine($"spanmetrics: {sent.Spans - counted} spans were not counted");
        return ExitCode.Failed;
    }

    private static void Table(string dimension, List<DecisionShare> shares)
    {
        Console.WriteLine();
        Console.WriteLine($"{dimension,-24} {"decisions",10} {"denied",8} {"held",8} {"denied %",9}");
        foreach (DecisionShare share in shares)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{share.Value,-24} {share.Decisions,10} {share.Denied,8} {share.Held,8} {share.DeniedShare * 100,9:F1}"));
        }
    }
}
