using SpanMetrics.Aggregation;
using SpanMetrics.Semantics;

namespace SpanMetrics.Tests.Unit;

public sealed class NativeBucketsTests
{
    private const int Finest = 3;

    [Theory]
    [InlineData(.0001, 10)]
    [InlineData(.01, 81.92)]
    [InlineData(.25, 4)]
    [InlineData(1, 1.01)]
    [InlineData(.005, .005)]
    [InlineData(1, 1)]
    [InlineData(BucketBounds.LeastSeconds, BucketBounds.MostSeconds)]
    public void Bounds_are_powers_of_the_published_base_over_the_whole_range_as_fine_as_fits(double first, double last)
    {
        var native = NativeBuckets.Over([first, last]);

        double growth = BaseOf(native.Schema);
        Assert.All(native.Bounds.Index(), bound => Assert.Equal(Math.Pow(growth, native.First + bound.Index), bound.Item, bound.Item * 1e-12));
        Assert.InRange(first, native.Bounds[0], native.Bounds[0] * growth);
        Assert.InRange(last, native.Bounds[^1] / growth, native.Bounds[^1]);
        Assert.InRange(native.Bounds.Length - 1, 0, NativeBuckets.Most);
        Assert.True(native.Schema == Finest || (native.Bounds.Length - 1) * 2 > NativeBuckets.Most - 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Counts_are_what_placing_every_duration_by_the_formula_gives(int seed)
    {
        var random = new Random(seed);
        View view = Decisions(Histograms.Both);
        NativeBuckets native = view.Native!;
        var worker = new OneWorker([view], new AggregationOptions());
        PartitionDeltas[] partitions = [worker.Aggregator.AddPartition(), worker.Aggregator.AddPartition()];
        var expected = new double[native.Bounds.Length + 1];
        double sum = 0;
        for (int i = 0; i < 20_000; i++)
        {
            ulong nanos = Nanos(random, native);
            double weight = random.Next(20) == 0 ? 2.5 : 1;
            worker.Count(partitions[random.Next(2)], Decision(nanos) with { Weight = weight });
            expected[PlaceOf(nanos, native)] += weight;
            sum += nanos / 1e9 * weight;
            if (random.Next(2_000) == 0)
            {
                worker.Fold();
            }
        }

        SeriesValue value = worker.Fold().Views[0][0];
        Assert.Equal(expected, value.NativeBuckets.ToArray());
        Assert.Equal(expected.Sum(), value.Observed);
        Assert.Equal(sum, value.Sum, sum * 1e-9);
    }

    [Theory]
    [InlineData(nameof(Histograms.Native))]
    [InlineData(nameof(Histograms.Both))]
    public void Classic_buckets_are_the_same_beside_native_ones(string histograms)
    {
        var random = new Random(3);
        var classic = new OneWorker([Decisions(Histograms.Classic)], new AggregationOptions());
        var native = new OneWorker([Decisions(Enum.Parse<Histograms>(histograms))], new AggregationOptions());
        for (int i = 0; i < 5_000; i++)
        {
            SentDecision decision = Decision(Nanos(random, NativeBuckets.Over(Decisions(Histograms.Classic).Buckets)));
            classic.Count(decision);
            native.Count(decision);
        }

        Assert.Equal(Printed.Parsed(classic.Fold()).Text, Printed.Parsed(native.Fold()).Text);
    }

    [Fact]
    public void A_quantile_is_off_by_one_bucket_at_most()
    {
        var random = new Random(4);
        View view = Decisions(Histograms.Native);
        NativeBuckets native = view.Native!;
        var worker = new OneWorker([view], new AggregationOptions());
        var durations = new List<double>();
        for (int i = 0; i < 10_000; i++)
        {
            var nanos = (ulong)(1e9 * Math.Pow(10, (random.NextDouble() * 4) - 3.5)); // .0003 to 3 seconds
            worker.Count(Decision(nanos));
            durations.Add(nanos / 1e9);
        }

        durations.Sort();
        SeriesValue value = worker.Fold().Views[0][0];
        foreach (double quantile in (double[])[.01, .25, .5, .9, .95, .99, .999])
        {
            double real = durations[(int)Math.Ceiling(quantile * durations.Count) - 1];
            double seen = Quantile(quantile, value.NativeBuckets, native.Bounds);
            Assert.InRange(seen / real, 1 / BaseOf(native.Schema), BaseOf(native.Schema));
        }
    }

    private static double BaseOf(int schema) => Math.Pow(2, Math.Pow(2, -schema));

    // As Prometheus does it up to 2.x: straight lines inside of a bucket.
    private static double Quantile(double quantile, ReadOnlySpan<double> buckets, double[] bounds)
    {
        double rank = 0, below = 0;
        foreach (double bucket in buckets)
        {
            rank += bucket * quantile;
        }

        for (int i = 0; i < bounds.Length; i++)
        {
            if (below + buckets[i] >= rank)
            {
                double lower = i == 0 ? 0 : bounds[i - 1];
                return lower + ((bounds[i] - lower) * (rank - below) / buckets[i]);
            }

            below += buckets[i];
        }

        return bounds[^1];
    }

    // From far below to far above the range, and often next to a bound.
    private static ulong Nanos(Random random, NativeBuckets native) => random.Next(4) switch
    {
        0 => (ulong)((long)Math.Floor(native.Bounds[random.Next(native.Bounds.Length)] * 1e9) + random.Next(-1, 2)),
        1 => (ulong)random.Next(200_000),
        _ => (ulong)(1e9 * Math.Pow(10, (random.NextDouble() * 7) - 5)),
    };

    // Bucket n holds what is above base^(n-1), and up to base^n.
    private static int PlaceOf(ulong nanos, NativeBuckets native)
    {
        int number = native.First;
        while (number <= native.First + native.Bounds.Length - 1 && (double)nanos > Math.Pow(2, number / Math.Pow(2, native.Schema)) * 1e9)
        {
            number++;
        }

        return number - native.First;
    }

    private static View Decisions(Histograms histograms) => Printed.DefaultViews.Single(view => view.Name == "agent_decisions") with { Histograms = histograms };

    private static SentDecision Decision(ulong nanos) => new("desk", "t", Outcome.Allow, RiskTier.None, nanos, 1);
}
