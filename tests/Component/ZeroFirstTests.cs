using System.Globalization;
using SpanMetrics.Tests.Support;
using SpanMetrics.Tests.Unit;

namespace SpanMetrics.Tests.Component;

/// <summary>Which clients get a new series at 0 first, and when they get its value.</summary>
[Collection(ComponentGroup.Name)]
public sealed class ZeroFirstTests : IDisposable
{
    private const string Topic = "zero";
    private const string Counter = "agent_decisions_total";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly MockKafka _kafka = new();

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task A_scraper_gets_0_first_and_the_value_when_it_asks_again_on_the_same_connection()
    {
        await using Worker worker = await StartAsync("");
        using var anybody = new Client(worker, isScraper: false);
        using var scraper = new Client(worker, isScraper: true);
        await scraper.PageAsync();
        await DenyAsync("a", 2);
        await anybody.HasAsync("a", 2);

        MetricsPage first = await scraper.PageAsync();
        Assert.Equal(1, first.Sum("spanmetrics_series_held", ("view", "agent_decisions")));
        string[] families = [Counter, "agent_decision_duration_seconds_bucket", "agent_decision_duration_seconds_count", "agent_decision_duration_seconds_sum"];
        Assert.All(families, family => Assert.NotEmpty(first.Family(family)));
        Assert.All(families.SelectMany(first.Family), sample => Assert.Equal(0, sample.Value));

        using (var other = new Client(worker, isScraper: true))
        {
            Assert.Equal(0, Denied(await other.PageAsync(), "a"));
            MetricsPage second = await other.PageAsync();
            Assert.Equal(2, Denied(second, "a"));
            Assert.Equal(1, second.Sum("spanmetrics_series_held", ("view", "agent_decisions"))); // for the first scraper
        }

        MetricsPage next = await scraper.PageAsync();
        Assert.Equal(2, Denied(next, "a"));
        Assert.Equal(2, next.Sum("agent_decision_duration_seconds_count", ("tool", "a")));
    }

    [Fact]
    public async Task What_a_scraper_has_surely_seen_is_remembered_over_its_connections()
    {
        await using Worker worker = await StartAsync("");
        using var anybody = new Client(worker, isScraper: false);
        using (var scraper = new Client(worker, isScraper: true))
        {
            await DenyAsync("a", 1);
            await anybody.HasAsync("a", 1);
            await scraper.PageAsync();
            Assert.Equal(1, Denied(await scraper.PageAsync(), "a"));
        }

        // The worker learns of the connection's end a moment later; until then this is one more scraper.
        await Eventually.Async(
            async () =>
            {
                using var again = new Client(worker, isScraper: true);
                return Denied(await again.PageAsync(), "a") == 1;
            },
            Deadline,
            "the value on a new connection");
        await DenyAsync("b", 1);
        await anybody.HasAsync("b", 1);
        using var last = new Client(worker, isScraper: true);
        MetricsPage page = await last.PageAsync();
        Assert.Equal(0, Denied(page, "b"));
        Assert.Equal(1, Denied(await last.PageAsync(), "b"));
    }

    [Theory]
    [InlineData("trust_network: false", true, 1)]
    [InlineData("scrapers: { a: { address: 10.0.0.0/8 } }", true, 1)]
    [InlineData("scrapers: { a: { address: 10.0.0.0/8 }, b: { address: 127.0.0.1 } }", false, 0)]
    [InlineData("scrapers: { a: { address: 127.0.0.0/8, user: a } }", true, 1)] // nobody logs in
    public async Task Who_counts_as_a_scraper_is_configured(string http, bool isScraper, double first)
    {
        await using Worker worker = await StartAsync(http);
        await DenyAsync("a", 1);
        using var client = new Client(worker, isScraper);
        MetricsPage? page = null;
        await Eventually.Async(
            async () => (page = await client.PageAsync()).Family(Counter).Any(), Deadline, "the series");

        Assert.Equal(first, Denied(page!, "a"));
        Assert.Equal(1, Denied(await client.PageAsync(), "a"));
    }

    private static double Denied(MetricsPage page, string tool) => Assert.Single(page.Family(Counter), sample => sample.Labels["tool"] == tool).Value;

    private async Task<Worker> StartAsync(string http)
    {
        await _kafka.Writer.WriteAsync(Topic, []); // makes the topic
        Worker worker = Worker.Start(_kafka.Brokers, Topic, Topic, http: http);
        await worker.ReadyAsync();
        return worker;
    }

    private async Task DenyAsync(string tool, int times)
    {
        for (int i = 0; i < times; i++)
        {
            await _kafka.Writer.WriteAsync(Topic, OtlpBytes.Denied(tool));
        }
    }

    /// <summary>One connection at a time.</summary>
    private sealed class Client : IDisposable
    {
        private readonly HttpClient _client;

        public Client(Worker worker, bool isScraper)
        {
            _client = new HttpClient { BaseAddress = new Uri($"http://{worker.Address}") };
            if (isScraper)
            {
                _client.DefaultRequestHeaders.Add("X-Prometheus-Scrape-Timeout-Seconds", "10");
            }
        }

        public async Task<MetricsPage> PageAsync() => MetricsPage.Parse(await _client.GetStringAsync(new Uri("/metrics", UriKind.Relative)));

        public Task HasAsync(string tool, double times) => Eventually.Async(
            async () => (await PageAsync()).Sum(Counter, ("tool", tool)) == times, Deadline, string.Create(CultureInfo.InvariantCulture, $"{times} denies of {tool}"));

        public void Dispose() => _client.Dispose();
    }
}
