using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Semantics;
using SpanMetrics.Tests.Support;
using SpanMetrics.Tests.Unit;

namespace SpanMetrics.Tests.Properties;

/// <summary>
/// Whatever was counted is what scrapers add up with increase(), each for himself: under lost connections and pages, outages, restarts of a
/// worker that was drained, and series that go and come back.
/// </summary>
public sealed class ZeroFirstProperties
{
    private const int Seeds = 12;
    private const int Seconds = 6_000;
    private const int IdleSeconds = 600;

    private static readonly View[] Views =
    [
        new()
        {
            Name = "small",
            CounterFamily = "calls_total",
            CounterHelp = "Calls.",
            HistogramFamily = "seconds",
            HistogramHelp = "Duration.",
            Match = CountedAs.Decision,
            Dimensions = [Dimension.Outcome, Dimension.Tool],
            LabelNames = ["outcome", "tool"],
            Buckets = [5, 10],
        },
        new() { Name = "plain", CounterFamily = "all_total", CounterHelp = "All.", Match = CountedAs.Span, Dimensions = [Dimension.ServiceName, Dimension.RiskTier], LabelNames = ["service_name", "risk_tier"] },
    ];

    [Fact]
    public void Scrapers_of_any_interval_add_up_what_was_counted()
    {
        var seen = new Seen();
        for (int seed = 1; seed <= Seeds; seed++)
        {
            AssertExact(seed, isZeroFirst: true, seen);
        }

        Assert.InRange(seen.Expired, 5 * Seeds, int.MaxValue);
        Assert.InRange(seen.Afresh, Seeds, int.MaxValue);
        Assert.InRange(seen.Lost, 20 * Seeds, int.MaxValue);
    }

    /// <summary>So that the property sees something.</summary>
    [Fact]
    public void Values_as_they_are_lose_increments() =>
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertExact(1, isZeroFirst: false, new Seen()));

    private static void AssertExact(int seed, bool isZeroFirst, Seen seen)
    {
        var random = new Random(seed);
        var time = new ManualTime();
        var limits = new AggregationOptions { IdleSeconds = IdleSeconds };
        var reference = new OneWorker(Views, limits);
        var workers = new ScrapedWorkers(Views, limits, time);
        // Two jobs of one Prometheus, and a scraper that the configuration names.
        ScraperModel[] scrapers = [new("10.0.0.1", false, 5), new("10.0.0.1", false, random.Next(10, 60)), new("prometheus-b", true, 15)];
        int theme = 0, restartAt = random.Next(500, Seconds);
        double expired = 0;
        for (int now = 0; now < Seconds; now++, time.Advance(TimeSpan.FromSeconds(1)))
        {
            theme = random.Next(700) == 0 ? theme + 1 : theme; // tools go out of use, and some come back
            if (random.Next(8) == 0)
            {
                SentDecision any = SentDecision.Any(random, tools: 3);
                SentDecision decision = any with { Tool = $"{any.Tool} {theme % 3}" };
                reference.Count(decision);
                workers.Count(random.Next(2), decision);
            }

            if (random.Next(40) == 0)
            {
                workers.Page(); // somebody looks
            }

            if (now == restartAt)
            {
                Array.ForEach(scrapers, Arrives);
                Array.ForEach(scrapers, Arrives);
                expired += workers.Page().Sum("spanmetrics_series_expired_total");
                seen.Afresh += workers.Afresh;
                workers = new ScrapedWorkers(Views, limits, time);
                Array.ForEach(scrapers, scraper => scraper.Disconnect(lostWritten: false));
                Array.ForEach(scrapers, scraper => scraper.NextAt = now + 1 + random.Next(scraper.Interval));
            }

            foreach (ScraperModel scraper in scrapers.Where(scraper => scraper.NextAt <= now))
            {
                scraper.NextAt = now + scraper.Interval;
                // Who of one address lost his connection cannot be told where two did.
                bool mayLose = scrapers.All(other => other == scraper || other.Key != scraper.Key || other.IsConnected);
                switch (random.Next(mayLose ? 12 : 1))
                {
                    case 9:
                        scraper.Ask(workers.Scrapers); // refused: not ready in time
                        break;
                    case 10:
                        workers.Page(scraper.Ask(workers.Scrapers));
                        scraper.Disconnect(lostWritten: false);
                        scraper.NextAt += random.Next(3) == 0 && now > restartAt + 200 ? random.Next(IdleSeconds - 100) : 0;
                        seen.Lost++;
                        break;
                    case 11 when !scraper.HasLost: // two written in full to new connections are taken to have arrived
                        Prints(scraper);
                        scraper.Disconnect(lostWritten: true);
                        seen.Lost++;
                        break;
                    case 8:
                        Arrives(scraper);
                        scraper.Disconnect(lostWritten: false);
                        break;
                    default:
                        Arrives(scraper);
                        break;
                }
            }
        }

        for (int i = 0; i < 3; i++)
        {
            Array.ForEach(scrapers, Arrives);
        }

        seen.Expired += (int)(expired + workers.Page().Sum("spanmetrics_series_expired_total"));
        seen.Afresh += workers.Afresh;
        Dictionary<string, double> counted = Printed.Parsed(reference.Fold()).Samples.ToDictionary(Printed.Identity, sample => sample.Value);
        foreach (ScraperModel scraper in scrapers)
        {
            Assert.All(counted, row => Assert.True(
                Math.Abs(row.Value - scraper.Increase.GetValueOrDefault(row.Key)) < 1e-6,
                $"seed {seed}, {scraper.Key} every {scraper.Interval} s: {row.Key} is {row.Value} and adds up to {scraper.Increase.GetValueOrDefault(row.Key)}"));
            scraper.Dispose();
        }

        MetricsPage Prints(ScraperModel scraper)
        {
            ScrapeAnswer answer = scraper.Ask(workers.Scrapers);
            MetricsPage page = workers.Page(isZeroFirst ? answer : null);
            answer.SetWritten();
            return page;
        }

        void Arrives(ScraperModel scraper) => scraper.Ingest(Prints(scraper));
    }

    private sealed class Seen
    {
        public int Expired { get; set; }

        public int Afresh { get; set; }

        public int Lost { get; set; }
    }
}
