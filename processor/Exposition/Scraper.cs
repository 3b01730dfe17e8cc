using SpanMetrics.Aggregation;

namespace SpanMetrics.Exposition;

/// <summary>What is known of one scraper. Not thread-safe: owned by <see cref="KnownScrapers"/>.</summary>
internal sealed class Scraper(string key)
{
    private ScrapeAnswer? _last;
    private ScrapeAnswer? _alone; // written in full to a connection that nothing more came from

    public string Key => key;

    public string Connection { get; private set; } = "";

    /// <summary>Told where the connection's end is known.</summary>
    public CancellationToken Closed { get; private set; }

    /// <summary>What the scraper announces as its timeout: two jobs of one Prometheus may differ in it.</summary>
    public string Timeout { get; private set; } = "";

    /// <summary>In seconds of <see cref="KnownScrapers"/>' clock.</summary>
    public uint LastAsked { get; private set; }

    /// <summary>The page that it has surely been shown: series of later ones may be new to it.</summary>
    public Moment Shown { get; private set; }

    /// <summary>Up to when, as in <see cref="Moment.Seconds"/>, it has surely been shown every increment as it is.</summary>
    public uint SeenAt { get; private set; }

    /// <summary>Its first page has values as they are, and it was not printed yet.</summary>
    public bool IsPlain { get; set; }

    /// <summary>It asked again on the same connection, so it has read the last answer to its end.</summary>
    public void ConfirmLast()
    {
        Settle();
        _alone = null;
        if (_last?.Printed is not null)
        {
            Confirm(_last);
        }
    }

    /// <summary>Its connection is gone: nobody knows whether the last answer arrived. Of two that were written in full the older one is taken to have.</summary>
    public void LoseConnection()
    {
        Settle();
        if (_last is { IsFirstOfConnection: true, IsWritten: true })
        {
            if (_alone is not null)
            {
                Confirm(_alone);
            }

            _alone = _last;
        }

        _last = null;
    }

    /// <summary>A page with values as they are cannot be followed by one with 0 for them, arrived or not: that would be a reset.</summary>
    public void Settle()
    {
        if (_last is { ShownUpTo: Page.Everything, Printed: Moment printed } && printed.Snapshot > Shown.Snapshot)
        {
            Shown = printed;
            IsPlain = false;
        }
    }

    /// <summary>Takes it to have been shown what another one was.</summary>
    public void KnowAs(Scraper other)
    {
        Shown = other.Shown;
        SeenAt = Math.Min(SeenAt, other.SeenAt);
        IsPlain = other.IsPlain;
    }

    public ScrapeAnswer Ask(string connection, string timeout, uint now, int lastBorn, CancellationToken closed)
    {
        bool isFirst = connection != Connection;
        Connection = connection;
        Closed = closed;
        Timeout = timeout;
        LastAsked = now;
        // Nothing was born between the two: scrapers that know all there is can share a page.
        int shownUpTo = IsPlain ? Page.Everything : Math.Min(Shown.Snapshot, lastBorn);
        _last = new ScrapeAnswer(shownUpTo, Shown, isFirst);
        return _last;
    }

    private void Confirm(ScrapeAnswer answer)
    {
        if (answer.Printed is Moment printed && printed.Snapshot >= Shown.Snapshot)
        {
            // Series that were new in it were printed as 0: of increments it proves only those before.
            SeenAt = answer.ShownUpTo == Page.Everything ? printed.Seconds : answer.ShownBefore.Seconds;
            Shown = printed;
        }
    }
}
