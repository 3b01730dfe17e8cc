namespace SpanMetrics.Configuration;

/// <summary>The section <c>rate_limit</c>, over all requests together.</summary>
internal sealed class RateLimitOptions
{
    /// <summary>Time after which one more request is allowed, as <c>100ms</c> or <c>1s</c>. Default 0: no limit.</summary>
    public string Interval { get; init; } = "0";

    /// <summary>Requests that may come at once.</summary>
    public int Burst { get; init; }
}
