namespace SpanMetrics.Aggregation;

/// <summary>
/// Buckets of a native histogram over the range of a view's classic ones: each bound is 2^(2^-<see cref="Schema"/>) times the one before, and
/// one of them 1 in the unit that is printed.
/// The first bucket, zero to Prometheus, holds all up to the first bound; the last one what is above the last bound, as if it were a little above.
/// </summary>
internal sealed class NativeBuckets
{
    /// <summary>Between the first bound and the last: 2 bytes each where increments wait, and 8 on the page.</summary>
    public const int Most = 80;

    private const int FinestSchema = 3; // 9 % from bound to bound; Prometheus goes to 8

    private NativeBuckets(int schema, int first, int last, double unitSeconds)
    {
        Schema = schema;
        First = first;
        ZeroThreshold = Math.Pow(2, Math.ScaleB(first, -schema));
        Bounds = new double[last - first + 1];
        for (int i = 0; i < Bounds.Length; i++)
        {
            Bounds[i] = Math.Pow(2, Math.ScaleB(first + i, -schema)) * unitSeconds;
        }
    }

    public int Schema { get; }

    /// <summary>Prometheus' number of the bucket that ends at the first bound; counted up from there.</summary>
    public int First { get; }

    /// <summary>The first bound in the unit that is printed.</summary>
    public double ZeroThreshold { get; }

    /// <summary>Upper bounds in seconds, ascending.</summary>
    public double[] Bounds { get; }

    /// <summary>The finest ones, up to a limit, with the first bound at or below the first one given and the last at or above the last.</summary>
    /// <param name="classic">In seconds.</param>
    /// <param name="unitSeconds">What is printed as 1.</param>
    public static NativeBuckets Over(double[] classic, double unitSeconds = 1)
    {
        double low = Math.Log2(classic[0] / unitSeconds), high = Math.Log2(classic[^1] / unitSeconds);
        for (int schema = FinestSchema; ; schema--)
        {
            int first = (int)Math.Floor(Math.ScaleB(low, schema)), last = (int)Math.Ceiling(Math.ScaleB(high, schema));
            if (last - first <= Most)
            {
                return new NativeBuckets(schema, first, last, unitSeconds);
            }
        }
    }

    /// <summary>These and the classic bounds, each once: one count for each says how many there are in either's buckets.</summary>
    public double[] BoundsWith(double[] classic)
    {
        var both = new SortedSet<double>(Bounds);
        both.UnionWith(classic);
        return [.. both];
    }

    /// <summary>For each bucket of some bounds, and the one above them, the bucket of fewer bounds that it lies in.</summary>
    public static int[] Within(double[] fine, double[] coarse)
    {
        var places = new int[fine.Length + 1];
        places[^1] = coarse.Length;
        for (int i = 0; i < fine.Length; i++)
        {
            int place = Array.BinarySearch(coarse, fine[i]);
            places[i] = place < 0 ? ~place : place;
        }

        return places;
    }
}
