namespace SpanMetrics.Configuration;

/// <summary>The file of <c>http.web_config</c> as it is written: the format of Prometheus' exporter-toolkit.</summary>
internal sealed class WebConfigOptions
{
    public TlsServerOptions TlsServerConfig { get; init; } = new();

    public HttpServerOptions HttpServerConfig { get; init; } = new();

    /// <summary>Bcrypt hashes of passwords, by user. Default none: nobody is asked.</summary>
    public Dictionary<string, string> BasicAuthUsers { get; init; } = [];

    public RateLimitOptions RateLimit { get; init; } = new();
}
