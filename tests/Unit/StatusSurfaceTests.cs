using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SpanMetrics.Tests.Unit;

public sealed class StatusSurfaceTests : IAsyncLifetime
{
    private const int MostBytes = 200_000;

    private static readonly string[] Files = ["/", "/page.css", "/page.js", "/icon.svg"];

    private StatusHost _host = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await StatusHost.StartAsync("Kafka is away");
        _client = new HttpClient { BaseAddress = _host.Address };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/page.css", "text/css")]
    [InlineData("/page.js", "text/javascript")]
    [InlineData("/icon.svg", "image/svg+xml")]
    [InlineData("/api/v1/status", "application/json")]
    public async Task Everything_says_what_it_is_and_forbids_all_else(string path, string type)
    {
        using HttpResponseMessage response = await GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["no-referrer"], response.Headers.GetValues("Referrer-Policy"));
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain('*', policy);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_is_small()
    {
        long bytes = 0;
        foreach (string file in Files)
        {
            using HttpResponseMessage response = await GetAsync(file);
            bytes += (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length;
        }

        Assert.InRange(bytes, 1_000, MostBytes);
    }

    /// <summary>No link leads to another host, no script or style stands in the page, and no text of a span can become markup.</summary>
    [Fact]
    public async Task The_page_brings_nothing_that_the_policy_would_have_to_allow()
    {
        string html = await _client.GetStringAsync("/", TestContext.Current.CancellationToken);
        string script = await _client.GetStringAsync("/page.js", TestContext.Current.CancellationToken);
        string all = html + script + await _client.GetStringAsync("/page.css", TestContext.Current.CancellationToken);

        Assert.DoesNotMatch(@"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\bsrc=)", html);
        Assert.DoesNotMatch(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser", script);
        Assert.All(Regex.Matches(all, @"(?:https?:)?//[\w.]+").Select(match => match.Value).Where(url => url.Contains(':', StringComparison.Ordinal)), url => Assert.Equal("http://www.w3.org", url));
    }

    [Fact]
    public async Task An_unknown_window_is_refused_with_those_there_are()
    {
        using HttpResponseMessage response = await GetAsync("/api/v1/status?window=1y");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("5m, 15m, 1h, start", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_a_worker_is_not_ready_is_told()
    {
        using JsonDocument status = JsonDocument.Parse(await _client.GetStringAsync("/api/v1/status", TestContext.Current.CancellationToken));

        Assert.False(status.RootElement.GetProperty("worker").GetProperty("ready").GetBoolean());
        Assert.Equal("Kafka is away", status.RootElement.GetProperty("worker").GetProperty("why_not_ready").GetString());
    }

    private Task<HttpResponseMessage> GetAsync(string path) => _client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
}
