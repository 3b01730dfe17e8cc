namespace SpanMetrics.Generator;

/// <summary>SplitMix64: the same throws for a seed on every runtime, which <see cref="Random"/> does not promise.</summary>
internal sealed class Dice(int seed)
{
    private ulong _state = (uint)seed;

    // Source: prng.di.unimi.it/splitmix64.c
    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Span ids of zero are invalid by specification.</summary>
    public ulong NextId() => Next() | 1;

    public int Below(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);

    public double Unit() => (Next() >> 11) * (1.0 / (1ul << 53));

    public bool Chance(double probability) => Unit() < probability;

    /// <summary>Log-normal, as latencies are: half lie under the median, few far above; cut to the limits.</summary>
    public ulong Nanos(double medianMs, double sigma, double minMs, double maxMs)
    {
        double normal = Math.Sqrt(-2 * Math.Log(1 - Unit())) * Math.Cos(2 * Math.PI * Unit());
        double ms = Math.Clamp(medianMs * Math.Exp(sigma * normal), minMs, maxMs);
        return (ulong)(ms * 1e6);
    }

    public T Pick<T>(IReadOnlyList<T> among) => among[Below(among.Count)];
}
