using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace SpanMetrics.Perf;

/// <summary>
/// The ceilings one by one, as BenchmarkDotNet measures them: to look at one of them closely. It runs one after the other, minutes
/// apart; ratios come from <see cref="CeilingsTable"/>.
/// </summary>
[MemoryDiagnoser]
public class Benchmarks
{
    private readonly Ceilings _ceilings = new(AgentSpans.Make());

    internal static int Run(string[] args)
    {
        // In process: BenchmarkDotNet's own projects would be restored without our lock files and into our artifacts.
        Job job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(5).WithIterationCount(7).WithIterationTime(TimeInterval.FromMilliseconds(200));
        IConfig config = DefaultConfig.Instance.AddJob(job)
            .AddColumn(StatisticColumn.Min, StatisticColumn.Median, StatisticColumn.OperationsPerSecond)
            .HideColumns(Column.Error)
            // artifacts/bin/SpanMetrics.Perf/release is where this program lies.
            .WithArtifactsPath(Path.GetFullPath("../../../bench", AppContext.BaseDirectory));
        Summary[] runs = [.. BenchmarkSwitcher.FromTypes([typeof(Benchmarks)]).Run(args, config)];
        return Array.TrueForAll(runs, run => !run.HasCriticalValidationErrors && run.Reports.All(report => report.Success)) ? 0 : 1;
    }

    /// <summary>BenchmarkDotNet warms by time, the JIT recompiles by calls and after pauses: without this the first benchmarks run half-compiled code.</summary>
    [GlobalSetup]
    public void WarmUp() => RoundRobin.WarmUp(
    [
        new Measurement("", 1, _ceilings.Scan), new Measurement("", 1, _ceilings.Walk), new Measurement("", 1, _ceilings.Rules),
        new Measurement("", 1, _ceilings.OneView), new Measurement("", 1, _ceilings.Render), new Measurement("", 1, _ceilings.Parse),
    ]);

    [Benchmark(OperationsPerInvoke = AgentSpans.Spans)]
    public void MemoryScan() => _ceilings.Scan();

    [Benchmark(OperationsPerInvoke = AgentSpans.Spans)]
    public void TagWalk() => _ceilings.Walk();

    [Benchmark(OperationsPerInvoke = AgentSpans.Spans)]
    public void Decode() => _ceilings.Decode();

    [Benchmark(OperationsPerInvoke = AgentSpans.Spans)]
    public void DecodeAndClassify() => _ceilings.Rules();

    [Benchmark(OperationsPerInvoke = AgentSpans.Spans)]
    public void OneView() => _ceilings.OneView();

    [Benchmark(OperationsPerInvoke = AgentSpans.Spans)]
    public void AllViews() => _ceilings.AllViews();

    [Benchmark(OperationsPerInvoke = AgentSpans.Spans)]
    public void AllViewsAndRender() => _ceilings.Render();

    [Benchmark(OperationsPerInvoke = AgentSpans.Spans)]
    public void GoogleProtobuf() => _ceilings.Parse();
}
