using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using SpanMetrics.Aggregation;

namespace SpanMetrics.Exposition;

/// <summary>
/// Who scrapes, and what each of them has surely been shown. Prometheus takes the first value of a series for where it begins, so a new one
/// is 0 in the first page that a scraper gets of it. Shared by the requests and the page: held by one of them for a look-up at a time.
/// </summary>
internal sealed class KnownScrapers(HttpOptions options, TimeProvider time)
{
    private const int Most = 16;

    // Of the worker's life: who asks then may know series of the worker before, and is shown all of them at 0. Who comes later without a name
    // is new himself: a 0 would keep a page from him and protect nothing.
    private const uint EarlySeconds = 120;

    // Those who ask at least so often count as alive: the longest interval that leaves no gap in Prometheus' graphs is 5 minutes.
    private const uint AliveSeconds = 600;

    private const string Header = "X-Prometheus-Scrape-Timeout-Seconds";

    private readonly Lock _turn = new();
    private readonly long _start = time.GetTimestamp();
    private readonly List<Scraper> _scrapers = [];
    private bool _hasForgotten;
    private int _lastBorn;

    private uint Now => (uint)time.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Null for a client that is no scraper, and changes nothing.</summary>
    public ScrapeAnswer? Ask(HttpContext context)
    {
        string timeout = context.Request.Headers[Header].ToString();
        IPAddress? address = context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;
        string? user = context.User.Identity?.Name;
        foreach ((string name, ScraperOptions scraper) in options.Scrapers)
        {
            if (scraper.Is(address, user))
            {
                return Ask(name, isNamed: true);
            }
        }

        return options.Scrapers.Count == 0 && options.TrustNetwork && timeout.Length > 0 ? Ask($"{address} {user}", isNamed: false) : null;

        ScrapeAnswer Ask(string key, bool isNamed) => this.Ask(
            key, isNamed, context.Connection.Id, timeout, context.Features.Get<IConnectionLifetimeFeature>()!.ConnectionClosed);
    }

    /// <param name="key">Whose connections cannot be told apart but by themselves.</param>
    /// <param name="isNamed">Whether the configuration names the scraper.</param>
    /// <param name="connection">An id that no other connection ever has.</param>
    /// <param name="timeout">What the scraper announces.</param>
    /// <param name="closed">Ends with the connection.</param>
    public ScrapeAnswer Ask(string key, bool isNamed, string connection, string timeout, CancellationToken closed)
    {
        lock (_turn)
        {
            uint now = Now;
            Scraper? scraper = _scrapers.Find(one => one.Connection == connection && one.Key == key);
            scraper?.ConfirmLast();
            scraper ??= WithoutConnection(key, timeout) ?? Add(NewScraper(key, isNamed, isEarly: now <= EarlySeconds));
            return scraper.Ask(connection, timeout, now, _lastBorn, closed);
        }
    }

    /// <summary>Up to when, as in <see cref="Moment.Seconds"/>, everybody who asked in the last <paramref name="seconds"/> has been shown every increment; null when nobody asked.</summary>
    public uint? SeenByAll(uint seconds) => Least(seconds, scraper => scraper.SeenAt);

    /// <summary>The snapshot after which series are still shown at 0 to a scraper that is alive.</summary>
    public int ShownToAll() => (int)(Least(AliveSeconds, scraper => scraper.IsPlain ? int.MaxValue : (uint)scraper.Shown.Snapshot) ?? int.MaxValue);

    /// <summary>The last snapshot that brought something new.</summary>
    public void SetLastBorn(int snapshot)
    {
        lock (_turn)
        {
            _lastBorn = snapshot;
        }
    }

    // The scraper that has lost its connection. Which one it is of several cannot be told: what one of them was shown as it is must not
    // be 0 again, which would be a reset, so all of them are taken to know it.
    private Scraper? WithoutConnection(string key, string timeout)
    {
        List<Scraper> lost = _scrapers.FindAll(one => one.Key == key && one.Closed.IsCancellationRequested);
        lost = lost.Exists(one => one.Timeout == timeout) ? lost.FindAll(one => one.Timeout == timeout) : lost;
        lost.ForEach(one => one.LoseConnection());
        Scraper? known = Furthest(lost);
        lost.ForEach(one => one.KnowAs(known!));
        return known;
    }

    private Scraper NewScraper(string key, bool isNamed, bool isEarly)
    {
        List<Scraper> same = _scrapers.FindAll(one => one.Key == key);
        same.ForEach(one => one.Settle());
        var scraper = new Scraper(key) { IsPlain = _hasForgotten || !(isNamed || isEarly) };
        if (!isEarly && Furthest(same) is Scraper known)
        {
            scraper.KnowAs(known); // it may be that one, whose connection is cut and nobody was told
        }

        return scraper;
    }

    private static Scraper? Furthest(List<Scraper> scrapers)
    {
        Scraper? furthest = null;
        foreach (Scraper one in scrapers)
        {
            furthest = furthest is null || one.Shown.Snapshot > furthest.Shown.Snapshot ? one : furthest;
        }

        return furthest;
    }

    private Scraper Add(Scraper scraper)
    {
        if (_scrapers.Count == Most)
        {
            Scraper oldest = _scrapers[0];
            foreach (Scraper one in _scrapers)
            {
                oldest = one.LastAsked < oldest.LastAsked ? one : oldest;
            }

            _scrapers.Remove(oldest);
            _hasForgotten = true; // who comes may be one of those, and must not be shown 0 again
        }

        _scrapers.Add(scraper);
        return scraper;
    }

    private uint? Least(uint seconds, Func<Scraper, uint> value)
    {
        lock (_turn)
        {
            uint? least = null;
            foreach (Scraper scraper in _scrapers)
            {
                if (Now - scraper.LastAsked <= seconds)
                {
                    least = Math.Min(least ?? uint.MaxValue, value(scraper));
                }
            }

            return least;
        }
    }
}
