using SpanMetrics.Aggregation;

namespace SpanMetrics.Exposition;

/// <summary>A histogram that the worker keeps of itself. Not thread-safe.</summary>
/// <param name="buckets">Upper bounds in seconds, ascending, without +Inf.</param>
internal sealed class PlainHistogram(string name, string help, double[] buckets)
{
    private readonly BucketBounds _bounds = new(buckets);
    private readonly long[] _counts = new long[buckets.Length + 1];
    private double _sumNanos;

    public string Name => name;

    public string Help => help;

    /// <summary>The last is +Inf.</summary>
    public double[] Bounds { get; } = [.. buckets, double.PositiveInfinity];

    /// <summary>One number for each bound, not cumulated.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    public double SumSeconds => _sumNanos / 1e9;

    public void Observe(long nanos)
    {
        _counts[_bounds.BucketOf(nanos)]++;
        _sumNanos += nanos;
    }

    public void Clear()
    {
        Array.Clear(_counts);
        _sumNanos = 0;
    }

    public void Add(PlainHistogram other)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        _sumNanos += other._sumNanos;
    }
}
