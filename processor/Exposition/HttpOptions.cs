using System.ComponentModel.DataAnnotations;

namespace SpanMetrics.Exposition;

/// <summary>The section <c>http</c>.</summary>
internal sealed class HttpOptions
{
    /// <summary>Address and port of the page, as <c>127.0.0.1:9464</c> or <c>[::1]:9464</c>; port 0 takes a free one.</summary>
    [Required]
    public string Listen { get; init; } = "127.0.0.1:9464";

    /// <summary>A file with TLS, users and the like, as Prometheus' own programs take with <c>--web.config.file</c>. Default none.</summary>
    public string WebConfig { get; set; } = "";

    /// <summary>
    /// Who scrapes, by a name of your choice. A scraper is shown each new series at 0 first, so that increase() has where to begin; anybody else
    /// gets values as they are. Default none.
    /// </summary>
    public Dictionary<string, ScraperOptions> Scrapers { get; init; } = [];

    /// <summary>Whether, where none is named, every client counts as a scraper that says it is one (a header that Prometheus sends), by its address. Default true.</summary>
    public bool TrustNetwork { get; init; } = true;
    /// Whether OpenMetrics has a sample <c>_created</c> for each series. A Prometheus without created-timestamp-zero-ingestion, and every one
    /// before 3.0, keeps it as a series more. Default false. Protobuf tells it always, in a field that costs nothing.
    /// </summary>
    public bool CreatedTimestamps { get; init; }
}
