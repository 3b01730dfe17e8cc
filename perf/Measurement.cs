namespace SpanMetrics.Perf;

/// <summary>
/// One thing to measure, and what was measured so far. Times are of one operation, and CPU time of the process: other programs take
/// the cores away and not time from the result, and collections of garbage on other threads are in it.
/// </summary>
/// <param name="name">What the table calls it.</param>
/// <param name="operations">Spans in one pass, or whatever its times are to be divided by.</param>
/// <param name="pass">What is measured.</param>
/// <param name="prepare">Runs before each pass and is not measured.</param>
internal sealed class Measurement(string name, int operations, Action pass, Action? prepare = null)
{
    private readonly List<double> _nanos = [];
    private long _passes;
    private long _allocated;

    public string Name => name;

    public double MedianNanos
    {
        get
        {
            double[] sorted = [.. _nanos.Order()];
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }

    public double LeastNanos => _nanos.Min();

    public double AllocatedBytes => (double)_allocated / _passes / operations;

    public double OperationsPerSecond => 1e9 / MedianNanos;

    /// <summary>
    /// How many times as long as <paramref name="yardstick"/> it took, each in its best round. A busy neighbour on the same core slows
    /// code that keeps the core full more than code that waits for its next load: ratios of medians are also of the neighbour.
    /// </summary>
    public double TimesOf(Measurement yardstick) => LeastNanos / yardstick.LeastNanos;

    public void WarmUp(int passes)
    {
        for (int i = 0; i < passes; i++)
        {
            prepare?.Invoke();
            pass();
        }
    }

    /// <summary>One round: passes until they, and what prepared them, took the time of a slice together.</summary>
    public void RunSlice(TimeSpan slice)
    {
        // The pass that finds the caches and the branch predictor as something else left them is not measured.
        WarmUp(passes: 1);
        TimeSpan began = Environment.CpuUsage.TotalTime, ran = default;
        int passes = 0;
        do
        {
            ran += RunPass();
            passes++;
        }
        while (Environment.CpuUsage.TotalTime - began < slice);
        _nanos.Add(ran.TotalNanoseconds / passes / operations);
    }

    public TimeSpan RunPass()
    {
        prepare?.Invoke();
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan started = Environment.CpuUsage.TotalTime;
        pass();
        TimeSpan ran = Environment.CpuUsage.TotalTime - started;
        _allocated += GC.GetAllocatedBytesForCurrentThread() - allocated;
        _passes++;
        return ran;
    }
}
