using System.Text;
using SpanMetrics.Aggregation;
using SpanMetrics.Semantics;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Unit;

/// <summary>Somebody sends a new tool name with every call. What must not be lost is who was denied, and why.</summary>
public sealed class OverflowTests
{
    private const int Limit = 100;
    private const int Spans = 10_000;

    // What a gate says together, each with seven tiers and two services: fewer than the limit.
    private static readonly (Outcome Outcome, Reason Reason)[] Answers =
    [
        (Outcome.Allow, Reason.None), (Outcome.Deny, Reason.Policy), (Outcome.Deny, Reason.Credential),
        (Outcome.Deny, Reason.EngineUnavailable), (Outcome.Hitl, Reason.Approval), (Outcome.Error, Reason.Other),
    ];

    private static readonly string[] Kept = ["service_name", "outcome", "deny", "risk_tier", "reason", "source"];

    [Fact]
    public void Beyond_the_limit_of_series_everything_that_governs_stays_exact()
    {
        MetricsPage page = Attack(new AggregationOptions { Series = Limit }, out Dictionary<string, double> sent);

        AssertGovernance(sent, page);
        Assert.InRange(page.Family("agent_decisions_total").Count(), Limit, Limit + sent.Count);
        Assert.All(page.Family("agent_decisions_total").Skip(Limit), sample =>
            Assert.Equal(("__overflow__", "__overflow__", "__overflow__"), (sample.Labels["tool"], sample.Labels["model"], sample.Labels["event"])));
        Assert.Equal(Spans, page.Sum("traces_spanmetrics_calls_total"));
        Assert.Equal(sent.Where(row => row.Key.Contains("|true|", StringComparison.Ordinal)).Sum(row => row.Value), page.Sum("traces_spanmetrics_calls_total", ("deny", "true")));
    }

    [Fact]
    public void Beyond_the_limit_of_label_values_everything_that_governs_stays_exact()
    {
        MetricsPage page = Attack(new AggregationOptions { LabelValues = 100 }, out Dictionary<string, double> sent);

        AssertGovernance(sent, page);
        Assert.True(page.Sum("agent_decisions_total", ("tool", "__overflow__")) > Spans / 2);
    }

    [Fact]
    public void Spans_under_an_overflow_label_set_are_told()
    {
        var worker = new OneWorker(Printed.DefaultViews, new AggregationOptions { Series = 2 });
        for (int i = 0; i < 5; i++)
        {
            Count(worker, $"tool{i}", 0);
        }

        Assert.All(worker.Fold().Views.Take(2), view => Assert.Equal((3d, 3, 2), (view.Overflowed, view.SeriesCount, view.Limit)));
    }

    /// <summary>Else one service's flood of tools, or a flood of services, takes the others' denies from under their names.</summary>
    [Fact]
    public void A_service_that_overflowed_under_its_own_name_goes_on_doing_so()
    {
        var worker = new OneWorker(Printed.DefaultViews, new AggregationOptions { Series = Limit });
        for (int i = 0; i < Limit; i++)
        {
            Count(worker, $"tool{i}", 0);
        }
        Count(worker, "one more tool", 0);
        for (int service = 1; service < 3 * Limit; service++)
        {
            Count(worker, "tool", service);
        }
        for (int i = 0; i < 50; i++)
        {
            Count(worker, $"yet another {i}", 0);
        }

        Assert.Equal(Limit + 1 + 50, Printed.Parsed(worker.Fold()).Sum("agent_decisions_total", ("service_name", "service0")));
    }

    /// <summary>The service too is the sender's choice, so it cannot be kept for ever.</summary>
    [Fact]
    public void The_series_are_bounded_even_when_every_service_is_new()
    {
        var worker = new OneWorker(Printed.DefaultViews, new AggregationOptions { Series = Limit });
        for (int i = 0; i < Spans; i++)
        {
            Count(worker, "tool", i);
        }

        MetricsPage page = Printed.Parsed(worker.Fold());
        Assert.Equal(Spans, page.Sum("agent_decisions_total", ("deny", "true"), ("risk_tier", "DESTRUCTIVE")));
        Assert.InRange(page.Family("agent_decisions_total").Count(), Limit, (2 * Limit) + 1);
    }

    [Fact]
    public void A_view_without_the_service_keeps_what_it_has_of_what_governs()
    {
        var worker = new OneWorker([Mine("tool", "deny", "risk_tier")], new AggregationOptions { Series = Limit });
        for (int i = 0; i < Spans; i++)
        {
            Count(worker, $"tool{i}", i);
        }

        MetricsPage page = Printed.Parsed(worker.Fold());
        Assert.Equal(Spans, page.Sum("mine_total", ("deny", "true"), ("risk_tier", "DESTRUCTIVE")));
        Assert.Equal(Spans - Limit, page.Sum("mine_total", ("tool", "__overflow__")));
        Assert.Equal(Limit + 1, page.Family("mine_total").Count());
    }

    [Fact]
    public void A_view_with_nothing_to_give_up_overflows_not_at_all()
    {
        var worker = new OneWorker([Mine("service_name", "outcome")], new AggregationOptions { Series = 2 });
        for (int i = 0; i < 4; i++)
        {
            Count(worker, "tool", i);
        }
        Assert.Equal(0, worker.Fold().Views[0].Overflowed);

        Count(worker, "tool", 4);

        Assert.Equal(1, worker.Fold().Views[0].Overflowed); // but for services beyond as many again
    }

    private static View Mine(params string[] dimensions)
    {
        var options = new ViewOptions { Match = "decision", Dimensions = [.. dimensions] };
        return Views.Build(new Dictionary<string, ViewOptions> { ["mine"] = options }).Single(view => view.Name == "mine");
    }

    [Fact]
    public void Names_that_fill_the_table_leave_room_for_services_and_for_our_own_words_and_are_told()
    {
        var worker = new OneWorker(Printed.DefaultViews, new AggregationOptions { LabelValues = 100 });
        for (int i = 0; i < 300; i++)
        {
            Count(worker, $"tool{i}", 0);
        }
        worker.Count(new SentDecision("late", "unknown", Outcome.Deny, RiskTier.None, null, 1) { Agent = "late", SpanName = "new" });

        Totals totals = worker.Fold();
        MetricsPage page = Printed.Parsed(totals);
        Assert.Equal(1, page.Sum("agent_decisions_total", ("service_name", "late"), ("tool", "unknown"), ("model", "none"), ("event", "tool_call"), ("deny", "true")));
        Assert.Equal(page.Sum("agent_decisions_total", ("tool", "__overflow__")), totals.Views[1].Overflowed);
        Assert.InRange(totals.LabelValues, 50, 100);
    }

    private static MetricsPage Attack(AggregationOptions limits, out Dictionary<string, double> sent)
    {
        var random = new Random(5);
        var worker = new OneWorker(Printed.DefaultViews, limits);
        sent = [];
        for (int i = 0; i < Spans; i++)
        {
            (Outcome outcome, Reason reason) = Answers[random.Next(Answers.Length)];
            var span = new SentDecision(
                random.Next(2) == 0 ? "desk" : "shop", $"tool {random.Next()}", outcome, (RiskTier)random.Next(7), null, 1)
            {
                Reason = reason,
                SpanName = $"span {random.Next()}",
                Model = $"model {random.Next()}",
                Agent = $"agent {random.Next()}",
                Event = $"event {random.Next()}",
            };
            string row = string.Join('|', span.Service, DimensionText.Outcomes[(int)span.Outcome], span.Outcome == Outcome.Deny ? "true" : "false",
                DimensionText.RiskTiers[(int)span.Tier], DimensionText.Reasons[(int)span.Reason], span.Source);
            sent[row] = sent.GetValueOrDefault(row) + 1;
            worker.Count(span);
        }
        return Printed.Parsed(worker.Fold());
    }

    private static void AssertGovernance(Dictionary<string, double> sent, MetricsPage page)
    {
        var shown = page.Family("agent_decisions_total")
            .GroupBy(sample => string.Join('|', Kept.Select(label => sample.Labels[label])))
            .ToDictionary(rows => rows.Key, rows => rows.Sum(sample => sample.Value));

        Assert.Equal(sent.OrderBy(row => row.Key, StringComparer.Ordinal), shown.OrderBy(row => row.Key, StringComparer.Ordinal));
    }

    private static void Count(OneWorker worker, string tool, int service) =>
        worker.Count(new SentDecision($"service{service}", tool, Outcome.Deny, RiskTier.Destructive, null, 1));
}
