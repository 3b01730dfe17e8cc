using SpanMetrics.Exposition;

namespace SpanMetrics.Tests.Unit;

public sealed class NegotiationTests : IAsyncLifetime
{
    private const string Text = "text/plain; version=0.0.4; charset=utf-8";
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private const string Escaped = OpenMetrics + "; escaping=underscores";
    private const string Protobuf = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

    // As Prometheus writes it.
    private const string AsksProtobuf = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

    private ServedSurface _served = null!;

    public async ValueTask InitializeAsync() => _served = await ServedSurface.StartAsync(new Page { Views = [], Own = [] });

    public ValueTask DisposeAsync() => _served.DisposeAsync();

    [Theory]
    // Prometheus 2.42, without and with native histograms.
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", OpenMetrics)]
    [InlineData(AsksProtobuf + ",application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", Protobuf)]
    // 2.53, likewise.
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", OpenMetrics)]
    [InlineData(AsksProtobuf + ";q=0.5,application/openmetrics-text;version=1.0.0;q=0.4,application/openmetrics-text;version=0.0.1;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1", Protobuf)]
    // 3.5, likewise; and with another metric_name_escaping_scheme.
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", Escaped)]
    [InlineData(AsksProtobuf + ";q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", Protobuf)]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=dots;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", Escaped)]
    // Nobody in particular.
    [InlineData(null, Text)]
    [InlineData("", Text)]
    [InlineData("*/*", Text)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", Text)]
    [InlineData("application/json", Text)]
    [InlineData("text/plain", Text)]
    [InlineData("text/*", Text)]
    [InlineData("application/*", OpenMetrics)]
    // By q, not by place; of the same q the first.
    [InlineData("application/openmetrics-text;q=0.3,text/plain;q=0.4", Text)]
    [InlineData("text/plain;q=0.3,application/openmetrics-text;q=0.4", OpenMetrics)]
    [InlineData("text/plain;q=0.001," + AsksProtobuf + ";q=0.002", Protobuf)]
    [InlineData("application/openmetrics-text,text/plain", OpenMetrics)]
    [InlineData("text/plain,application/openmetrics-text", Text)]
    [InlineData("*/*;q=0.5,application/openmetrics-text;q=0.5", Text)]
    // The most exact range says how much, wherever it stands.
    [InlineData("*/*,text/plain;q=0.1", OpenMetrics)]
    [InlineData("text/plain;q=0.9,text/plain;version=0.0.4;q=0.1,application/openmetrics-text;q=0.5", OpenMetrics)]
    [InlineData("application/*;q=0.9,application/openmetrics-text;q=0.1", Protobuf)]
    // None at q = 0; and where nothing of ours is left, text.
    [InlineData("text/plain;q=0,*/*", OpenMetrics)]
    [InlineData("application/openmetrics-text;q=0,text/plain;q=0.1", Text)]
    [InlineData("application/openmetrics-text;q=0,*/*;q=0", Text)]
    // Versions and encodings that are not ours.
    [InlineData("application/openmetrics-text;version=0.0.1", Text)]
    [InlineData("application/openmetrics-text;version=2.0.0,application/openmetrics-text;version=1.0.0;q=0.1", OpenMetrics)]
    [InlineData("text/plain;version=1.0.0,application/openmetrics-text;version=1.0.0;q=0.1", OpenMetrics)]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text,application/openmetrics-text;q=0.1", OpenMetrics)]
    [InlineData("application/vnd.google.protobuf;proto=other.Message;encoding=delimited,application/openmetrics-text;q=0.1", OpenMetrics)]
    // As the grammar has it: capitals, blanks, quotes; and not as it has it.
    [InlineData("Application/OpenMetrics-Text ; Version=\"1.0.0\" ; Q=0.9 , text/plain ; q=0.5", OpenMetrics)]
    [InlineData("application/vnd.google.protobuf; encoding=\"delimited\"; proto=\"io.prometheus.client.MetricFamily\"", Protobuf)]
    [InlineData(";;,,/,q=1,application/openmetrics-text;q=0.5", OpenMetrics)]
    [InlineData("application/openmetrics-text;q=high", OpenMetrics)]
    public async Task This_is_answered_with_that(string? accept, string contentType)
    {
        using HttpResponseMessage response = await _served.ScrapeAsync(accept is null ? [] : [("Accept", accept)]);

        Assert.Equal(contentType, response.Content.Headers.NonValidated["Content-Type"].ToString());
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("gzip", true)]
    [InlineData("GZIP", true)]
    [InlineData("deflate, gzip;q=0.5, br", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("gzip;q=0.0, *", false)]
    [InlineData("*", true)]
    [InlineData("*;q=0", false)]
    [InlineData("identity;q=0.5, gzip;q=0.4", false)]
    [InlineData("identity;q=0.5, gzip;q=0.5", true)]
    [InlineData("identity, *;q=0.5", false)]
    [InlineData("br, zstd", false)]
    public async Task This_is_compressed_or_not(string? acceptEncoding, bool gzip)
    {
        using HttpResponseMessage response = await _served.ScrapeAsync(acceptEncoding is null ? [] : [("Accept-Encoding", acceptEncoding)]);

        Assert.Equal(gzip ? ["gzip"] : [], response.Content.Headers.ContentEncoding);
    }
}
