using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Semantics;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Unit;

/// <summary>What several workers counted is one page, whoever saw what first and whenever it was folded.</summary>
public sealed class FoldTests
{
    private const string Counter = "agent_decisions_total";

    private static readonly string[] Kept = ["service_name", "outcome", "risk_tier"];

    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(2, 3, 2)]
    [InlineData(3, 4, 6)]
    [InlineData(4, 1, 8)]
    public void Records_dealt_over_workers_and_folded_at_any_moment_make_the_page_of_one_worker(int seed, int workers, int partitions)
    {
        var random = new Random(seed);
        var one = new SeveralWorkers(workers: 1);
        var several = new SeveralWorkers(workers, partitions);
        var handovers = new Queue<(int Worker, Handover[] Handover)>();
        for (int i = 0; i < 2_000; i++)
        {
            SentDecision[] record = Record(random, random.Next(1, 20), tools: 60);
            int worker = random.Next(workers);
            several.Take(worker, record);
            if (random.Next(10) > 0) // else the next record of this worker takes its place
            {
                several.Apply(worker, random.Next(partitions));
                one.Count(0, record);
            }

            // Some are folded while their worker goes on, and after other workers.
            if (random.Next(50) == 0)
            {
                handovers.Enqueue((worker, several.HandOver(worker)));
            }

            if (handovers.Count > random.Next(1, 4))
            {
                (int from, Handover[] handover) = handovers.Dequeue();
                several.Fold(from, handover);
            }
        }

        foreach ((int worker, Handover[] handover) in handovers)
        {
            several.Fold(worker, handover);
        }

        Printed.Parsed(several.FoldAll());
        Assert.Equal(Lines(one.FoldAll()), Lines(several.Totals));
    }

    [Fact]
    public void A_worker_is_on_the_page_with_its_own_fold_and_others_keep_what_they_hold()
    {
        var workers = new SeveralWorkers(workers: 2);
        workers.Count(0, [Decision("a"), Decision("b"), Decision("b")]);
        workers.Count(1, [Decision("c"), Decision("b"), Decision("a")]);

        workers.Fold(1);
        Assert.Equal([("c", 1d), ("b", 1d), ("a", 1d)], Tools(workers.Totals));
        workers.Fold(0);
        Assert.Equal([("c", 1d), ("b", 3d), ("a", 2d)], Tools(workers.Totals));
    }

    [Theory]
    [InlineData(1, 50, 200_000)] // label sets run out
    [InlineData(2, 100_000, 40)] // label values run out
    [InlineData(3, 50, 40)]
    public void Limits_that_some_workers_reach_and_others_do_not_cost_no_deny(int seed, int series, int labelValues)
    {
        var random = new Random(seed);
        var workers = new SeveralWorkers(workers: 3, limits: new AggregationOptions { Series = series, LabelValues = labelValues });
        var sent = new Dictionary<string, double>();
        for (int i = 0; i < 3_000; i++)
        {
            int worker = random.Next(workers.Workers);
            SentDecision decision = SentDecision.Any(random, tools: worker == 0 ? 2 : 500);
            sent[decision.Governance] = sent.GetValueOrDefault(decision.Governance) + decision.Weight;
            workers.Count(worker, [decision]);
            if (random.Next(100) == 0)
            {
                workers.Fold(random.Next(workers.Workers));
            }
        }

        MetricsPage page = Printed.Parsed(workers.FoldAll());
        Dictionary<string, double> shown = page.Family(Counter)
            .GroupBy(sample => string.Join('|', Kept.Select(label => sample.Labels[label])))
            .ToDictionary(rows => rows.Key, rows => rows.Sum(sample => sample.Value));
        Assert.Equal(sent.OrderBy(row => row.Key, StringComparer.Ordinal), shown.OrderBy(row => row.Key, StringComparer.Ordinal));
        Assert.True(page.Sum(Counter, ("tool", "__overflow__")) > 0);
        Assert.All(workers.Totals.Views.Take(2), view => Assert.InRange(view.SeriesCount, 1, (2 * series) + sent.Count));
    }

    [Fact]
    public void Each_worker_below_the_limit_and_all_of_them_beyond_it_is_told_as_overflow()
    {
        var workers = new SeveralWorkers(workers: 2, limits: new AggregationOptions { Series = 3 });
        workers.Count(0, [Decision("a"), Decision("b"), Decision("c")]);
        workers.Count(1, [Decision("a"), Decision("d"), Decision("e")]);

        Assert.Equal([("a", 2d), ("b", 1d), ("c", 1d), ("__overflow__", 2d)], Tools(workers.FoldAll()));
        Assert.All(workers.Totals.Views.Take(2), view => Assert.Equal(2, view.Overflowed));
    }

    [Fact]
    public void A_record_of_more_spans_than_are_held_apart_counts_whole_and_only_when_applied()
    {
        var workers = new SeveralWorkers(workers: 1);
        workers.Take(0, Giant("a", "b"));
        workers.Fold(0);
        Assert.Equal(0, Printed.Parsed(workers.Totals).Sum(Counter));

        workers.Apply(0);
        workers.Fold(0);

        Assert.Equal([("a", RecordSpans.Most + 1d), ("b", RecordSpans.Most + 1d)], Tools(workers.Totals));
    }

    [Fact]
    public void A_record_of_more_spans_than_are_held_apart_counts_nothing_when_the_next_one_takes_its_place()
    {
        var workers = new SeveralWorkers(workers: 1);
        workers.Take(0, Giant("a", "b"));
        workers.Count(0, [Decision("b")]);
        workers.Count(0, Giant("b", "c"));

        workers.Fold(0);

        MetricsPage page = Printed.Parsed(workers.Totals);
        Assert.Equal(0, page.Sum(Counter, ("tool", "a")));
        Assert.Equal(RecordSpans.Most + 2, page.Sum(Counter, ("tool", "b")));
        Assert.Equal(RecordSpans.Most + 1, page.Sum(Counter, ("tool", "c")));
    }

    [Theory]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(200_000)]
    public void A_label_set_counts_more_spans_between_two_folds_than_a_count_of_16_bits_holds(int spans)
    {
        var workers = new SeveralWorkers(workers: 1);
        for (int left = spans; left > 0; left -= 10_000)
        {
            workers.Count(0, Enumerable.Repeat(Decision("a"), Math.Min(left, 10_000)));
            workers.Count(0, Enumerable.Repeat(Decision("b") with { Nanos = null }, Math.Min(left, 10_000)));
        }

        workers.Count(0, [Decision("a") with { Weight = 2.5 }]);
        workers.Fold(0);
        workers.Count(0, [Decision("b")]);

        MetricsPage page = Printed.Parsed(workers.FoldAll());
        Assert.Equal([("a", spans + 2.5), ("b", spans + 1d)], Tools(workers.Totals));
        Assert.Equal((spans + 3.5) * 1e-6, page.Sum("agent_decision_duration_seconds_sum"), 1e-9);
    }

    private static SentDecision Decision(string tool) => new("desk", tool, Outcome.Deny, RiskTier.Destructive, 1_000, 1);

    private static SentDecision[] Record(Random random, int spans, int tools) => [.. Enumerable.Range(0, spans).Select(_ => SentDecision.Any(random, tools))];

    private static IEnumerable<SentDecision> Giant(params string[] tools) =>
        Enumerable.Range(0, RecordSpans.Most + 1).SelectMany(_ => tools.Select(Decision));

    private static IEnumerable<(string Tool, double Spans)> Tools(Totals totals) =>
        Printed.Parsed(totals).Family(Counter).Select(sample => (sample.Labels["tool"], sample.Value));

    private static IEnumerable<string> Lines(Totals totals) =>
        Printed.Text(new Page { Views = totals.Views, Own = [] }).Split('\n').Order(StringComparer.Ordinal);
}
