using System.Diagnostics;
using System.Globalization;
using SpanMetrics.Fuzz;
using SpanMetrics.Oracle;
using SpanMetrics.Otlp;

const string Usage = "usage: [--signal traces|logs] [--count RECORDS] [--seconds SECONDS] [--seed NUMBER]   default: both in turns, 1,000,000 records, a seed of its own";
long? count = null;
double? seconds = null;
int seed = Environment.TickCount;
Signal[] signals = [Signal.Traces, Signal.Logs];
for (int i = 0; i < args.Length; i += 2)
{
    string value = i + 1 < args.Length ? args[i + 1] : "";
    if (args[i] == "--count" && long.TryParse(value, CultureInfo.InvariantCulture, out long records))
    {
        count = records;
    }
    else if (args[i] == "--seconds" && double.TryParse(value, CultureInfo.InvariantCulture, out double limit))
    {
        seconds = limit;
    }
    else if (args[i] == "--seed" && int.TryParse(value, CultureInfo.InvariantCulture, out int number))
    {
        seed = number;
    }
    else if (args[i] == "--signal" && value is "traces" or "logs")
    {
        signals = [value == "traces" ? Signal.Traces : Signal.Logs];
    }
    else
    {
        Console.Error.WriteLine(Usage);
        return 2;
    }
}

Corpus[] corpora = Array.ConvertAll(signals, signal => new Corpus(signal));
FuzzRun[] runs = Array.ConvertAll(corpora, corpus => new FuzzRun(corpus, seed));
FuzzRun run = runs[0];
Console.WriteLine($"seed {seed}, {corpora.Sum(corpus => corpus.Records.Count)} records to start from");
long most = count ?? (seconds is null ? 1_000_000 : long.MaxValue);
var watch = Stopwatch.StartNew();
byte[] before = [];
using var hang = new Timer(_ => EndWhenHung(), null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
TimeSpan shown = default;
Finding? finding = null;
long done = 0;
while (finding is null && done < most && !(watch.Elapsed.TotalSeconds > seconds))
{
    run = runs[done++ % runs.Length];
    finding = run.Next();
    if (!Console.IsOutputRedirected && watch.Elapsed - shown > TimeSpan.FromSeconds(1))
    {
        shown = watch.Elapsed;
        Console.Write($"\r{done:N0} records, {done / shown.TotalSeconds:N0} a second ");
    }
}

Console.WriteLine($"{(Console.IsOutputRedirected ? "" : "\r")}{done:N0} records in {watch.Elapsed.TotalSeconds:N1} s, {done / Environment.CpuUsage.TotalTime.TotalSeconds:N0} a second of processor time");
Console.WriteLine(string.Concat(signals.Select(signal => $"{signal,14}")));
foreach (Agreement agreement in Enum.GetValues<Agreement>())
{
    Console.WriteLine($"{string.Concat(runs.Select(of => $"{of.Of(agreement),14:N0}"))} {agreement}");
}

if (finding is null)
{
    Console.WriteLine("no difference, no exception, nothing allocated, no record over the time limit");
    return 0;
}

byte[] shortest = Shrinker.Shrink(finding.Record, run.Corpus.Shape, record => run.ProblemOf(record, out _) is not null);
Console.WriteLine($"record {run.Done} of {run.Corpus.Signal} of seed {seed}: {finding.Problem}\nat its shortest, {Convert.ToHexString(shortest)}: {run.ProblemOf(shortest, out _)}");
Keep(finding.Record, "whole");
Keep(shortest, "short");
return 1;

void Keep(byte[] record, string what)
{
    string file = Path.Combine(Corpus.FindsFolder, $"{run.Corpus.Signal}-seed{seed}-{run.Done}-{what}.bin");
    Directory.CreateDirectory(Corpus.FindsFolder);
    File.WriteAllBytes(file, record);
    Console.WriteLine($"kept in {file}");
}

void EndWhenHung()
{
    byte[] now = run.InWork;
    if (now == before && now.Length > 0)
    {
        Console.WriteLine($"hangs: {Convert.ToHexString(now)}");
        Keep(now, "hangs");
        Environment.Exit(1);
    }

    before = now;
}
