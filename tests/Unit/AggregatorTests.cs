using System.Globalization;
using SpanMetrics.Aggregation;
using SpanMetrics.Semantics;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Unit;

public sealed class AggregatorTests
{
    private const string Counter = "agent_decisions_total";
    private const string Histogram = "agent_decision_duration_seconds";

    private readonly OneWorker _worker = new(Printed.DefaultViews, new AggregationOptions());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Counts_sums_and_buckets_are_what_adding_up_one_by_one_gives(int seed)
    {
        var random = new Random(seed);
        double[] bounds = Printed.DefaultViews.Single(view => view.CounterFamily == Counter).Buckets;
        PartitionDeltas[] partitions = [_worker.Aggregator.AddPartition(), _worker.Aggregator.AddPartition(), _worker.Aggregator.AddPartition()];
        var spans = new Dictionary<string, List<double?>>();
        for (int i = 0; i < 20_000; i++)
        {
            string tool = $"tool{random.Next(40)}";
            // A third lies exactly on a bound, a few have no duration.
            ulong? nanos = random.Next(20) == 0 ? null
                : random.Next(3) == 0 ? (ulong)Math.Round(bounds[random.Next(bounds.Length)] * 1e9)
                : (ulong)random.NextInt64(20_000_000_000);
            Count(partitions[random.Next(partitions.Length)], tool, nanos);
            spans.TryAdd(tool, []);
            spans[tool].Add(nanos / 1e9);
            if (random.Next(1_000) == 0)
            {
                _worker.Fold();
            }
        }

        MetricsPage page = Printed.Parsed(_worker.Fold());
        foreach ((string tool, List<double?> seconds) in spans)
        {
            Assert.Equal(seconds.Count, page.Sum(Counter, ("tool", tool)));
            Assert.Equal(seconds.Sum() ?? 0, page.Sum(Histogram + "_sum", ("tool", tool)), 1e-6);
            Assert.Equal(seconds.Count(value => value.HasValue), page.Sum(Histogram + "_count", ("tool", tool)));
            foreach (double bound in bounds)
            {
                Assert.Equal(
                    seconds.Count(value => value <= bound),
                    page.Sum(Histogram + "_bucket", ("tool", tool), ("le", bound.ToString(CultureInfo.InvariantCulture))));
            }
            Assert.Equal(seconds.Count(value => value.HasValue), page.Sum(Histogram + "_bucket", ("tool", tool), ("le", "+Inf")));
        }
    }

    [Theory]
    [InlineData(100_000ul, "0.0001")]
    [InlineData(100_001ul, "0.00025")]
    [InlineData(0ul, "0.0001")]
    [InlineData(1_000_000_000ul, "1")]
    [InlineData(10_000_000_000ul, "10")]
    [InlineData(10_000_000_001ul, "+Inf")]
    [InlineData(ulong.MaxValue, "+Inf")]
    public void A_value_on_a_bound_belongs_to_that_bound(ulong nanos, string first)
    {
        Count(_worker.Aggregator.AddPartition(), "t", nanos);

        Sample[] buckets = [.. Printed.Parsed(_worker.Fold()).Family(Histogram + "_bucket")];

        Assert.Equal(first, buckets.First(bucket => bucket.Value == 1).Labels["le"]);
        Assert.Equal("+Inf", buckets[^1].Labels["le"]);
        Assert.Equal(1, buckets[^1].Value);
    }

    [Fact]
    public void What_a_partition_counted_is_shown_after_the_fold_and_stays()
    {
        PartitionDeltas partition = _worker.Aggregator.AddPartition();
        Count(partition, "a", 1);
        Assert.Equal(1, Printed.Parsed(_worker.Fold()).Sum(Counter));
        Count(partition, "a", 1);
        Count(partition, "b", 1);

        Assert.Equal(3, Printed.Parsed(_worker.Fold()).Sum(Counter));
        Assert.Equal(3, Printed.Parsed(_worker.Fold()).Sum(Counter));
    }

    [Fact]
    public void Partitions_add_up_in_one_series()
    {
        PartitionDeltas one = _worker.Aggregator.AddPartition(), two = _worker.Aggregator.AddPartition();
        Count(one, "a", 1);
        Count(two, "a", 1);
        Count(two, "a", 1);

        Sample sample = Assert.Single(Printed.Parsed(_worker.Fold()).Family(Counter));
        Assert.Equal(3, sample.Value);
    }

    [Fact]
    public void A_record_that_was_never_applied_never_counts()
    {
        PartitionDeltas partition = _worker.Aggregator.AddPartition();
        _worker.Aggregator.BeginRecord();
        _worker.Aggregator.PutAside([Decision("a", 1).In(_worker.Symbols)]);
        Assert.Equal(0, Printed.Parsed(_worker.Fold()).Sum(Counter));

        Count(partition, "b", 1);

        MetricsPage page = Printed.Parsed(_worker.Fold());
        Assert.Equal(0, page.Sum(Counter, ("tool", "a")));
        Assert.Equal(1, page.Sum(Counter, ("tool", "b")));
        Assert.Equal(1, page.Sum("traces_spanmetrics_calls_total"));
    }

    [Fact]
    public void What_was_put_aside_counts_once()
    {
        PartitionDeltas partition = _worker.Aggregator.AddPartition();
        _worker.Aggregator.BeginRecord();
        _worker.Aggregator.PutAside([Decision("a", 1).In(_worker.Symbols)]);
        _worker.Aggregator.Apply([], partition);
        _worker.Aggregator.Apply([], partition);

        Assert.Equal(1, Printed.Parsed(_worker.Fold()).Sum(Counter));
    }

    [Fact]
    public void A_view_counts_what_it_matches()
    {
        PartitionDeltas partition = _worker.Aggregator.AddPartition();
        _worker.Count(partition, Decision("a", 1) with { Counted = CountedAs.Span | CountedAs.Tool });

        MetricsPage page = Printed.Parsed(_worker.Fold());
        Assert.Empty(page.Family(Counter));
        Assert.Equal(1, page.Sum("traces_spanmetrics_calls_total"));
        Assert.Equal(1, page.Sum("agent_tool_calls_total", ("tool", "a")));
    }

    private void Count(PartitionDeltas partition, string tool, ulong? nanos) => _worker.Count(partition, Decision(tool, nanos));

    private static SentDecision Decision(string tool, ulong? nanos) => new("desk", tool, Outcome.Allow, RiskTier.None, nanos, 1);
}
