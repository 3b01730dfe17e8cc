namespace SpanMetrics.Perf;

/// <summary>
/// Measures a slice of each in turn, round after round. The machines are shared: a busy moment then falls on one slice of each and
/// not on one measurement as a whole, and every measurement gets some quiet moments.
/// </summary>
internal static class RoundRobin
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(10);

    public static void Run(IReadOnlyList<Measurement> all, int rounds)
    {
        WarmUp(all);
        for (int round = 0; round < rounds; round++)
        {
            foreach (Measurement measurement in all)
            {
                measurement.RunSlice(Slice);
            }
        }
    }

    // The JIT compiles again after 30 calls, and only when it has been left alone for 100 ms.
    public static void WarmUp(IReadOnlyList<Measurement> all)
    {
        for (int round = 0; round < 4; round++)
        {
            foreach (Measurement measurement in all)
            {
                measurement.WarmUp(passes: 8);
            }

            Thread.Sleep(150);
        }
    }
}
