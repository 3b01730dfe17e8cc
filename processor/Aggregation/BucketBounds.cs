using System.Numerics;

namespace SpanMetrics.Aggregation;

/// <summary>A histogram's upper bounds in whole nanoseconds, for durations that are whole nanoseconds too: no rounding at a bound.</summary>
internal sealed class BucketBounds
{
    public const int Most = 60;

    /// <summary>A nanosecond: durations are whole ones.</summary>
    public const double LeastSeconds = 1e-9;

    /// <summary>30 years; what is 292 years or longer is no longer told apart.</summary>
    public const double MostSeconds = 1e9;

    private readonly long[] _nanos; // padded to whole vectors with a bound that nothing is above

    /// <param name="seconds">Ascending, without +Inf.</param>
    public BucketBounds(ReadOnlySpan<double> seconds)
    {
        _nanos = new long[(seconds.Length + Vector<long>.Count - 1) / Vector<long>.Count * Vector<long>.Count];
        _nanos.AsSpan().Fill(long.MaxValue);
        for (int i = 0; i < seconds.Length; i++)
        {
            _nanos[i] = seconds[i] < long.MaxValue / 1e9 ? (long)Math.Floor((decimal)seconds[i] * 1_000_000_000) : long.MaxValue;
        }
    }

    /// <summary>The number of bounds below the value: its bucket, since Prometheus' <c>le</c> counts a value on a bound under that bound.</summary>
    public int BucketOf(long nanos)
    {
        // All bounds at once: where a search would end cannot be predicted, and there are few.
        var value = new Vector<long>(nanos);
        Vector<long> below = Vector<long>.Zero;
        long[] bounds = _nanos;
        for (int i = 0; i < bounds.Length; i += Vector<long>.Count)
        {
            below -= Vector.GreaterThan(value, new Vector<long>(bounds, i));
        }

        return (int)Vector.Sum(below);
    }
}
