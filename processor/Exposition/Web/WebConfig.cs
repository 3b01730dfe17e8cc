using System.Threading.RateLimiting;

namespace SpanMetrics.Exposition;

/// <summary>Who may read the page, and how: what the file of <c>http.web_config</c> said when it was read. Never changes; the file's next state is another one.</summary>
internal sealed class WebConfig
{
    public static readonly WebConfig Open = new();

    /// <summary>Null: plain HTTP.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>Null: no password is asked for.</summary>
    public WebUsers? Users { get; init; }

    /// <summary>Null: as many requests as come.</summary>
    public TokenBucketRateLimiter? Rate { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether only those read the page that have shown who they are.</summary>
    public bool KnowsReaders => Users is not null || Tls?.ClientAuth == ClientAuth.RequireAndVerifyClientCert;

    public bool Allows()
    {
        if (Rate is null)
        {
            return true;
        }

        Rate.TryReplenish();
        using RateLimitLease lease = Rate.AttemptAcquire();
        return lease.IsAcquired;
    }
}
