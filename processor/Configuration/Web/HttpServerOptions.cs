namespace SpanMetrics.Configuration;

/// <summary>The section <c>http_server_config</c>.</summary>
internal sealed class HttpServerOptions
{
    /// <summary>Has no effect: HTTP/1.1 is spoken, which every scraper speaks.</summary>
    public bool Http2 { get; init; }

    /// <summary>Headers that every answer has.</summary>
    public Dictionary<string, string> Headers { get; init; } = [];
}
