using System.ComponentModel.DataAnnotations;

namespace SpanMetrics.Exposition;

/// <summary>The section <c>http</c>.</summary>
internal sealed class HttpOptions
{
    /// <summary>Address and port of the page, as <c>127.0.0.1:9464</c> or <c>[::1]:9464</c>; port 0 takes a free one.</summary>
    [Required]
    public string Listen { get; init; } = "127.0.0.1:9464";
}
