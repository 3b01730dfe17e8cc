using System.ComponentModel.DataAnnotations;

namespace SpanMetrics.Exposition;

/// <summary>The section <c>telemetry</c>: pushing what the worker says of itself.</summary>
internal sealed class TelemetryOptions
{
    /// <summary>Where metrics and traces of the worker itself are pushed to over OTLP/HTTP, as <c>http://127.0.0.1:4318</c>. Default none. Headers and the like are taken from OpenTelemetry's environment variables.</summary>
    public string Otlp { get; init; } = "";

    /// <summary>Seconds between two pushes of metrics. Default 60.</summary>
    [Range(1, 3600)]
    public int IntervalSeconds { get; init; } = 60;

    /// <summary>Null when it is none.</summary>
    public Uri? ParseOtlp() => Uri.TryCreate(Otlp.TrimEnd('/') + "/", UriKind.Absolute, out Uri? endpoint) && endpoint.Scheme is "http" or "https" ? endpoint : null;
}
