using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace SpanMetrics.Perf;

/// <summary><c>make bench ARGS="--filter *Decode*"</c>; without arguments every benchmark runs.</summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        // In process: BenchmarkDotNet's own projects would be restored without our lock files and into our artifacts.
        // Few and short iterations: read ratios within a run, not its third digit.
        Job job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(5).WithIterationCount(7).WithIterationTime(TimeInterval.FromMilliseconds(200));
        IConfig config = DefaultConfig.Instance.AddJob(job)
            .AddColumn(StatisticColumn.Min, StatisticColumn.Median, StatisticColumn.OperationsPerSecond)
            .HideColumns(Column.Error, Column.RatioSD, Column.AllocRatio)
            // artifacts/bin/SpanMetrics.Perf/release is where this program lies.
            .WithArtifactsPath(Path.GetFullPath("../../../bench", AppContext.BaseDirectory));

        Summary[] runs = [.. BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args.Length > 0 ? args : ["--filter", "*"], config)];
        if (runs.Length > 0)
        {
            Console.WriteLine(PipelineBenchmarks.Describe());
        }

        return Array.TrueForAll(runs, run => !run.HasCriticalValidationErrors && run.Reports.All(report => report.Success)) ? 0 : 1;
    }
}
