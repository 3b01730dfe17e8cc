using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Semantics;

namespace SpanMetrics.Tests.Unit;

/// <summary>One deny is counted before each scrape, always of another tool: how many of them are shown at 0, and how many at 1.</summary>
public sealed class KnownScrapersTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly Dictionary<string, CancellationTokenSource> _connections = [];
    private readonly ScrapedWorkers _workers;
    private int _tools;

    public KnownScrapersTests() => _workers = new ScrapedWorkers(Printed.DefaultViews, new AggregationOptions(), _time);

    public void Dispose()
    {
        foreach (CancellationTokenSource connection in _connections.Values)
        {
            connection.Dispose();
        }
    }

    [Fact]
    public void On_one_connection_each_series_is_at_0_once()
    {
        Assert.Equal((1, 0), Scrape("here", "1"));
        Assert.Equal((1, 1), Scrape("here", "1"));
        Assert.Equal((1, 2), Scrape("here", "1"));
    }

    [Fact]
    public void With_a_connection_for_each_scrape_two_written_pages_are_needed()
    {
        var shown = new List<(int, int)>();
        for (int i = 0; i < 5; i++)
        {
            shown.Add(Scrape("here", $"{i}"));
            Close($"{i}");
        }

        Assert.Equal([(1, 0), (2, 0), (2, 1), (2, 2), (2, 3)], shown);
    }

    [Fact]
    public void Pages_that_were_not_written_to_their_end_prove_nothing()
    {
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal((i + 1, 0), Scrape("here", $"{i}", isWritten: false));
            Close($"{i}");
        }
    }

    [Fact]
    public void Who_comes_late_and_has_no_name_gets_values_as_they_are_and_later_series_at_0_first()
    {
        _time.Advance(TimeSpan.FromSeconds(121));

        Assert.Equal((0, 1), Scrape("here", "1"));
        Assert.Equal((1, 1), Scrape("here", "1"));
        Assert.Equal((1, 2), Scrape("here", "1"));
        Assert.Equal((4, 0), Scrape("named", "2", isNamed: true));
    }

    /// <summary>Whether it arrived or not: a 0 after it would be a reset.</summary>
    [Fact]
    public void Values_as_they_are_are_not_taken_back_when_their_connection_breaks()
    {
        _time.Advance(TimeSpan.FromSeconds(121));
        Assert.Equal((0, 1), Scrape("here", "1", isWritten: false));
        Close("1");

        Assert.Equal((1, 1), Scrape("here", "2"));
    }

    [Fact]
    public void One_of_an_address_that_lost_its_connection_is_not_taken_for_another()
    {
        Scrape("here", "slow");
        for (int i = 1; i <= 3; i++)
        {
            Assert.Equal((i == 1 ? 2 : 1, i == 1 ? 0 : i), Scrape("here", "fast"));
        }

        Close("slow");
        Assert.Equal((5, 0), Scrape("here", "slow again")); // two series later it is still the one that was shown nothing for sure
        Assert.Equal((2, 4), Scrape("here", "fast"));
    }

    [Fact]
    public void Two_of_an_address_that_lost_their_connections_at_once_see_no_reset()
    {
        Scrape("here", "slow");
        Scrape("here", "fast");
        Scrape("here", "fast");
        Scrape("here", "fast"); // knows three
        Close("slow");
        Close("fast");

        Assert.Equal((2, 3), Scrape("here", "one of them"));
        Assert.Equal((3, 3), Scrape("here", "the other one"));
    }

    [Fact]
    public void Timeouts_tell_two_of_an_address_apart()
    {
        Scrape("here", "slow", timeout: "30");
        Scrape("here", "fast");
        Scrape("here", "fast");
        Close("slow");
        Close("fast");

        Assert.Equal((2, 2), Scrape("here", "fast again"));
        Assert.Equal((5, 0), Scrape("here", "slow again", timeout: "30"));
    }

    /// <summary>Memory is bounded, and being forgotten costs first increments at worst.</summary>
    [Fact]
    public void A_scraper_that_was_forgotten_for_others_sees_no_reset()
    {
        Scrape("here", "1");
        Assert.Equal((1, 1), Scrape("here", "1"));
        for (int i = 0; i < 16; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Scrape($"other {i}", $"other {i}");
        }

        Assert.Equal((0, 19), Scrape("here", "1"));
    }

    private (int Zeros, int Ones) Scrape(string key, string connection, bool isNamed = false, string timeout = "10", bool isWritten = true)
    {
        _workers.Count(0, new SentDecision("desk", $"tool {_tools++}", Outcome.Deny, RiskTier.Destructive, 1_000, 1));
        _connections.TryAdd(connection, new CancellationTokenSource());
        ScrapeAnswer answer = _workers.Scrapers.Ask(key, isNamed, connection, timeout, _connections[connection].Token);
        double[] values = [.. _workers.Page(answer).Family("agent_decisions_total").Select(sample => sample.Value)];
        if (isWritten)
        {
            answer.SetWritten();
        }

        return (values.Count(value => value == 0), values.Count(value => value == 1));
    }

    private void Close(string connection) => _connections[connection].Cancel();
}
