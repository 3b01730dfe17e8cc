using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using SpanMetrics.Exposition;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Unit;

public sealed class ScrapeTests
{
    private const string AsksProtobuf = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
    private const string TimeoutHeader = "X-Prometheus-Scrape-Timeout-Seconds";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Accepts => ["text/plain", "application/openmetrics-text", AsksProtobuf];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Accepts))]
    public async Task A_compressed_page_inflates_to_the_page(string accept)
    {
        // Of each surface the first answer: the second one's page has counted the first.
        await using ServedSurface one = await ServedSurface.StartAsync(SomePage()), other = await ServedSurface.StartAsync(SomePage());
        using HttpResponseMessage plain = await one.ScrapeAsync(("Accept", accept));
        using HttpResponseMessage compressed = await other.ScrapeAsync(("Accept", accept), ("Accept-Encoding", "gzip"));
        byte[] expected = await plain.Content.ReadAsByteArrayAsync(Cancellation), packed = await compressed.Content.ReadAsByteArrayAsync(Cancellation);

        using var inflated = new MemoryStream();
        await using (var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress))
        {
            await gzip.CopyToAsync(inflated, Cancellation);
        }

        Assert.Equal(expected, inflated.ToArray());
        Assert.True(expected.Length > 3 << 20 && packed.Length < expected.Length / 5, $"{packed.Length} bytes of {expected.Length}");
        Assert.Equal(expected.Length, plain.Content.Headers.ContentLength);
        Assert.Equal(packed.Length, compressed.Content.Headers.ContentLength);
        Assert.Equal(["gzip"], compressed.Content.Headers.ContentEncoding);
        Assert.Empty(plain.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task An_answer_says_what_it_hangs_on_and_that_it_is_not_to_be_kept()
    {
        await using ServedSurface served = await ServedSurface.StartAsync(SomePage());

        using HttpResponseMessage response = await served.ScrapeAsync();

        Assert.Equal("Accept, Accept-Encoding", response.Headers.NonValidated["Vary"].ToString());
        Assert.Equal("no-store", response.Headers.NonValidated["Cache-Control"].ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("gzip")]
    public async Task HEAD_has_the_headers_of_GET_and_no_body(string acceptEncoding)
    {
        await using ServedSurface one = await ServedSurface.StartAsync(SomePage()), other = await ServedSurface.StartAsync(SomePage());
        using var request = new HttpRequestMessage(HttpMethod.Head, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", acceptEncoding);

        using HttpResponseMessage head = await one.Client.SendAsync(request, Cancellation);
        using HttpResponseMessage get = await other.ScrapeAsync(("Accept-Encoding", acceptEncoding));

        Assert.Equal(Headers(get), Headers(head));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancellation));

        static IEnumerable<string> Headers(HttpResponseMessage response) =>
            response.Headers.Concat(response.Content.Headers).Where(header => header.Key != "Date").Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("1", .5)]
    [InlineData("0.8", .4)]
    [InlineData("0.2", .1)]
    public async Task A_page_that_is_late_is_503_with_a_sentence_half_a_second_before_the_scraper_gives_up_or_half_of_a_shorter_time(string timeout, double deadline)
    {
        var print = new TaskCompletionSource();
        await using ServedSurface served = await ServedSurface.StartAsync(async (printed, _) =>
        {
            await print.Task;
            return printed(new Page { Views = [], Own = [] });
        });

        using HttpResponseMessage late = await served.ScrapeAsync((TimeoutHeader, timeout), ("Accept", AsksProtobuf));
        print.SetResult();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, late.StatusCode);
        Assert.Equal("text/plain", late.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith(
            string.Create(CultureInfo.InvariantCulture, $"The page was not ready {deadline} s after the scrape began, which gives up at {timeout} s: "),
            await late.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        MetricsPage page = MetricsPage.Parse(await served.Client.GetStringAsync("/metrics", Cancellation));
        Assert.Equal(1, page.Sum("spanmetrics_scrapes_total", ("format", "protobuf"), ("code", "503")));
        Assert.Equal(1, page.Sum("spanmetrics_scrapes_total"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("NaN")]
    [InlineData("1e300")]
    [InlineData("10")]
    public async Task A_page_that_is_in_time_is_served_whatever_the_timeout(string timeout)
    {
        await using ServedSurface served = await ServedSurface.StartAsync(new Page { Views = [], Own = [] });

        using HttpResponseMessage response = await served.ScrapeAsync((TimeoutHeader, timeout));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Scrapes_are_counted_by_format_and_code_from_zero()
    {
        await using ServedSurface served = await ServedSurface.StartAsync(new Page { Views = [], Own = [] });
        using HttpResponseMessage first = await served.ScrapeAsync(("Accept", AsksProtobuf));
        var none = ProtobufPage.Parse(await first.Content.ReadAsByteArrayAsync(Cancellation)).Single(family => family.Name == "spanmetrics_scrapes_total");
        Assert.Equal(
            ["text 200", "text 503", "openmetrics 200", "openmetrics 503", "protobuf 200", "protobuf 503"],
            none.Metric.Select(metric => string.Join(' ', metric.Label.Select(label => label.Value))));
        Assert.All(none.Metric, metric => Assert.Equal(0, metric.Counter.Value));

        using HttpResponseMessage second = await served.ScrapeAsync(("Accept", "application/openmetrics-text"));
        MetricsPage page = MetricsPage.Parse(await served.Client.GetStringAsync("/metrics", Cancellation));

        Assert.Equal(1, page.Sum("spanmetrics_scrapes_total", ("format", "protobuf"), ("code", "200")));
        Assert.Equal(1, page.Sum("spanmetrics_scrapes_total", ("format", "openmetrics"), ("code", "200")));
        Assert.Equal(2, page.Sum("spanmetrics_scrapes_total"));
    }

    [Fact]
    public async Task Who_asks_while_a_page_is_printed_shares_the_next_one_with_all_others()
    {
        var gates = new List<TaskCompletionSource>();
        using var press = new PagePress(Gated(gates));
        PrintedPage first = press.Next(PageFormat.Text, gzip: false);
        await Eventually.Async(() => Begun(gates) == 1, Deadline, "the first page to be printed");
        PrintedPage other = press.Next(PageFormat.OpenMetrics, gzip: false);
        await Eventually.Async(() => Begun(gates) == 2, Deadline, "a page of another format to be printed beside it");

        PrintedPage[] late = [.. Enumerable.Range(0, 50).Select(_ => press.Next(PageFormat.Text, gzip: false))];
        gates[0].SetResult();
        await Eventually.Async(() => Begun(gates) == 3, Deadline, "the next page to be printed");
        PrintedPage[] later = [press.Next(PageFormat.Text, gzip: false), press.Next(PageFormat.Text, gzip: false)];
        gates[1].SetResult();
        gates[2].SetResult();
        await Eventually.Async(() => Begun(gates) == 4, Deadline, "the page after it to be printed");
        gates[3].SetResult();

        Assert.Equal("page 1", await TextAsync(first));
        Assert.Equal("page 2", await TextAsync(other));
        Assert.All(await Task.WhenAll(late.Select(TextAsync)), text => Assert.Equal("page 3", text));
        Assert.All(await Task.WhenAll(later.Select(TextAsync)), text => Assert.Equal("page 4", text));
    }

    [Fact]
    public async Task Two_pages_at_once_are_printed_and_no_more()
    {
        var gates = new List<TaskCompletionSource>();
        using var press = new PagePress(Gated(gates));
        PrintedPage[] pages =
        [
            .. Enum.GetValues<PageFormat>().SelectMany(format => new[] { press.Next(format, gzip: false), press.Next(format, gzip: true) }),
        ];

        for (int done = 0; done < pages.Length; done++)
        {
            await Eventually.Async(() => Begun(gates) == Math.Min(pages.Length, done + 2), Deadline, $"two pages to be printed after {done}");
            gates[done].SetResult();
        }

        Assert.Equal(pages.Length, (await Task.WhenAll(pages.Select(page => page.Body))).Distinct().Count());
        Array.ForEach(pages, page => page.Dispose());
    }

    [Fact]
    public async Task A_page_that_cannot_be_printed_fails_for_those_who_share_it_and_for_nobody_else()
    {
        int asked = 0;
        using var press = new PagePress((print, _) =>
            asked++ == 0 ? Task.FromException<PageBuffer>(new InvalidOperationException("no page")) : Task.FromResult(print(SomePage())));

        using PrintedPage broken = press.Next(PageFormat.Text, gzip: true);
        await Assert.ThrowsAsync<InvalidOperationException>(() => broken.Body);

        using PrintedPage whole = press.Next(PageFormat.Text, gzip: true);
        Assert.NotEqual(0, (await whole.Body).Length);
    }

    private static int Begun(List<TaskCompletionSource> gates)
    {
        lock (gates)
        {
            return gates.Count;
        }
    }

    // Prints "page 1", "page 2" and so on, each when its gate is opened.
    private static PageReader Gated(List<TaskCompletionSource> gates) => async (_, _) =>
    {
        var gate = new TaskCompletionSource();
        int number;
        lock (gates)
        {
            gates.Add(gate);
            number = gates.Count;
        }

        await gate.Task;
        var body = new PageBuffer();
        body.Write(Encoding.UTF8.GetBytes($"page {number}"));
        return body;
    };

    // The page goes back: it must be whole for those who still share it.
    private static async Task<string> TextAsync(PrintedPage page)
    {
        using PrintedPage shared = page;
        using var text = new MemoryStream();
        (await shared.Body).CopyTo(text);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    // Some megabytes: more than one piece of a buffer.
    private static Page SomePage()
    {
        var family = new PlainFamily("own_bytes", "Bytes.", isCounter: false);
        for (int i = 0; i < 100_000; i++)
        {
            family.With(i, ("name", $"a name that is a bit longer {i}"));
        }

        return new Page { Views = [], Own = [family] };
    }
}
