using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Semantics;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Unit;

public sealed class ExpiryTests
{
    private const string Counter = "agent_decisions_total";

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly ManualTime _time = new();

    [Fact]
    public void An_idle_series_goes_and_one_that_is_added_to_stays()
    {
        ScrapedWorkers workers = Workers(idleSeconds: 600);
        workers.Count(0, Decision("idle"));
        for (int minute = 0; minute < 15; minute++)
        {
            workers.Count(minute % 2, Decision("busy"));
            Assert.Equal(minute <= 10 ? 2 : 1, workers.Page().Family(Counter).Count());
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        MetricsPage page = workers.Page();
        Assert.Equal(15, page.Sum(Counter, ("tool", "busy")));
        Assert.Equal(15, page.Sum("agent_decision_duration_seconds_count", ("tool", "busy")));
        Assert.Equal(1, page.Sum("spanmetrics_series", ("view", "agent_decisions")));
        Assert.Equal(1, page.Sum("spanmetrics_series_expired_total", ("view", "agent_decisions")));
    }

    [Fact]
    public void A_series_of_a_deny_stays_for_a_day_whatever_is_configured()
    {
        ScrapedWorkers workers = Workers(idleSeconds: 600);
        workers.Count(0, Decision("a") with { Outcome = Outcome.Deny });
        workers.Count(0, Decision("a"));
        workers.Page();

        _time.Advance(Day - TimeSpan.FromMinutes(1));
        Assert.Equal("deny", Assert.Single(workers.Page().Family(Counter)).Labels["outcome"]);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(workers.Page().Family(Counter));
    }

    [Fact]
    public void A_series_stays_until_each_scraper_that_still_comes_has_seen_all_of_it()
    {
        ScrapedWorkers workers = Workers(idleSeconds: 600);
        Scrape(workers, "a");
        workers.Count(0, Decision("late"));
        workers.Page();
        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(0, Assert.Single(Scrape(workers, "a").Family(Counter)).Value);
        _time.Advance(TimeSpan.FromMinutes(9));

        Assert.Equal(1, Scrape(workers, "a").Sum(Counter));
        Assert.Equal(1, workers.Page().Sum(Counter)); // who knows whether that page arrived
        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.Empty(Scrape(workers, "a").Family(Counter));
    }

    [Fact]
    public void A_scraper_that_stays_away_for_longer_than_series_may_be_idle_keeps_none()
    {
        ScrapedWorkers workers = Workers(idleSeconds: 600);
        Scrape(workers, "gone");
        workers.Count(0, Decision("a"));
        workers.Page();
        _time.Advance(TimeSpan.FromMinutes(11));

        Assert.Empty(workers.Page().Family(Counter));
    }

    [Fact]
    public void A_series_that_comes_back_begins_at_0_and_counts_from_there()
    {
        ScrapedWorkers workers = Workers(idleSeconds: 600);
        Count(workers, "a", 5);
        Scrape(workers, "a");
        Assert.Equal(5, Scrape(workers, "a").Sum(Counter));
        while (Scrape(workers, "a").Family(Counter).Any())
        {
            Assert.InRange(_time.GetElapsedTime(0), TimeSpan.Zero, Day);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Count(workers, "a", 3);
        Assert.Equal(0, Assert.Single(Scrape(workers, "a").Family(Counter)).Value);
        Assert.Equal(3, Scrape(workers, "a").Sum(Counter));
    }

    /// <summary>Somebody makes up tools until the view is full; then he stops.</summary>
    [Fact]
    public void After_an_attack_there_is_room_again_and_no_overflow_is_forgotten()
    {
        const int Limit = 200;
        ScrapedWorkers workers = Workers(idleSeconds: 600, series: Limit);
        for (int i = 0; i < 10 * Limit; i++)
        {
            workers.Count(i % 2, Decision($"made up {i}"));
        }

        double overflowed = workers.Page().Sum("spanmetrics_series_overflow_total", ("view", "agent_decisions"));
        Assert.InRange(overflowed, Limit, 10 * Limit);
        for (int minute = 0; minute < 30; minute++)
        {
            workers.Count(minute % 2, Decision("good"));
            Assert.Equal(minute + 1, workers.Page().Sum(Counter, ("tool", "good")) + workers.Page().Sum("spanmetrics_series_overflow_total", ("view", "agent_decisions")) - overflowed);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(2, workers.Afresh);
        Count(workers, "new", 7);
        Assert.Equal(7, workers.Page().Sum(Counter, ("tool", "new")));
        Assert.InRange(workers.Page().Sum("spanmetrics_label_values"), 1, 50);
    }

    private static SentDecision Decision(string tool) => new("desk", tool, Outcome.Allow, RiskTier.Operational, 1_000, 1);

    private static void Count(ScrapedWorkers workers, string tool, int times)
    {
        for (int i = 0; i < times; i++)
        {
            workers.Count(i % 2, Decision(tool));
        }
    }

    private static MetricsPage Scrape(ScrapedWorkers workers, string scraper) =>
        workers.Page(workers.Scrapers.Ask(scraper, isNamed: true, scraper, "10", CancellationToken.None));

    private ScrapedWorkers Workers(int idleSeconds, int series = 1000) =>
        new(Printed.DefaultViews, new AggregationOptions { IdleSeconds = idleSeconds, Series = series }, _time);
}
