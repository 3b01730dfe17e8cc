using SpanMetrics.Aggregation;

namespace SpanMetrics.Exposition;

/// <summary>One page for one scraper. Filled in by the request's thread; read when the scraper asks again.</summary>
internal sealed class ScrapeAnswer(int shownUpTo, Moment shownBefore, bool isFirstOfConnection)
{
    private Moment _printed;
    private volatile bool _isPrinted, _isWritten;

    /// <summary>For <see cref="Page.ShownUpTo"/>.</summary>
    public int ShownUpTo => shownUpTo;

    /// <summary>What the scraper had surely been shown when it asked.</summary>
    public Moment ShownBefore => shownBefore;

    public bool IsFirstOfConnection => isFirstOfConnection;

    /// <summary>The page that it was; null until it was printed.</summary>
    public Moment? Printed => _isPrinted ? _printed : null;

    /// <summary>Whether all of it was given to the connection, which does not say that it arrived.</summary>
    public bool IsWritten => _isWritten;

    public void SetPrinted(Moment page)
    {
        _printed = page;
        _isPrinted = true;
    }

    public void SetWritten() => _isWritten = true;
}
