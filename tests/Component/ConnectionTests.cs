using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SpanMetrics.Configuration;
using SpanMetrics.Tests.Support;
using SpanMetrics.Tests.Unit;

namespace SpanMetrics.Tests.Component;

/// <summary>What a connection to the page may do, and which one goes when there are too many.</summary>
[Collection(ComponentGroup.Name)]
public sealed class ConnectionTests(ITestOutputHelper output) : IDisposable
{
    private const int MostReaders = 64, MostStrangers = 512;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly WebFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 405)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n", 405)]
    [InlineData("TRACE /metrics HTTP/1.1\r\nHost: x\r\n\r\n", 405)]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n", 413)]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", 413)]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 413)]
    [InlineData("GET /metrics?{5000} HTTP/1.1\r\nHost: x\r\n\r\n", 414)]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: x\r\nX: {20000}\r\n\r\n", 431)]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: x\r\n{headers}\r\n\r\n", 431)]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: x\r\nX", 408)] // and no more
    [InlineData("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", 200)]
    public async Task A_request_that_is_none_of_a_scraper_is_refused_and_its_connection_closed(string request, int status)
    {
        await using ServedSurface served = await ServedSurface.StartAsync(() => Exposition.WebConfig.Open);
        using Socket socket = (await OpenAsync(served, IPAddress.Loopback, 1))[0];
        request = request.Replace("{5000}", new string('a', 5000), StringComparison.Ordinal).Replace("{20000}", new string('a', 20000), StringComparison.Ordinal)
            .Replace("{headers}", string.Join("\r\n", Enumerable.Range(0, 60).Select(i => $"X{i}: x")), StringComparison.Ordinal);

        await socket.SendAsync(Encoding.ASCII.GetBytes(request), Cancellation);

        string answer = await AnswerAsync(socket, toItsEnd: status != 200);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Equal(status == 405, answer.Contains("Allow: GET, HEAD", StringComparison.Ordinal));
        Assert.DoesNotContain("Server:", answer, StringComparison.Ordinal);
        Assert.Empty(served.Log.Messages);
    }

    [Fact]
    public async Task Who_has_shown_a_password_keeps_the_connection_while_others_open_theirs_and_another_still_comes_in()
    {
        await using ServedSurface served = await ServeAsync(WebFolder.Users);
        using HttpClient reader = Reader(served, out Func<int> connections);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(reader));

        List<Socket> strangers = await OpenAsync(served, IPAddress.Loopback, MostStrangers + 100);
        await OpenAreAsync(MostStrangers, strangers);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(reader));
        Assert.Equal(1, connections());
        using HttpClient other = Reader(served, out Func<int> ofOther);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(other));
        Assert.Equal(1, ofOther());
        await OpenAreAsync(MostStrangers - 1, strangers);
        Assert.All(strangers.TakeLast(MostStrangers / 2), stranger => Assert.True(IsOpen(stranger))); // all but about the order of neighbours
        strangers.ForEach(stranger => stranger.Dispose());
        Assert.Empty(served.Log.Messages);
    }

    [Fact]
    public async Task Who_opens_most_connections_makes_room_himself()
    {
        await using ServedSurface served = await ServeAsync(WebFolder.Users);
        using Socket quiet = (await OpenAsync(served, IPAddress.Parse("127.0.0.3"), 1))[0];

        List<Socket> greedy = await OpenAsync(served, IPAddress.Parse("127.0.0.2"), MostStrangers + 100);

        await OpenAreAsync(MostStrangers - 1, greedy);
        Assert.True(IsOpen(quiet));
        greedy.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task Where_all_have_a_right_to_be_there_one_more_is_refused_until_one_goes()
    {
        await using ServedSurface served = await ServeAsync(WebFolder.Users);
        List<HttpClient> readers = [];
        for (int i = 0; i < MostReaders; i++)
        {
            readers.Add(Reader(served, out _));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(readers[i]));
        }

        using HttpClient late = Reader(served, out _);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(late));
        foreach (HttpClient reader in readers)
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(reader));
        }

        readers[0].Dispose();
        await Eventually.Async(async () => await StatusAsync(late) == HttpStatusCode.OK, Deadline, "room");
        readers.ForEach(reader => reader.Dispose());
    }

    [Fact]
    public async Task Without_passwords_an_idle_reader_makes_room_before_one_that_is_being_answered()
    {
        var print = new TaskCompletionSource();
        await using ServedSurface served = await ServedSurface.StartAsync(async (printed, _) =>
        {
            await print.Task;
            return printed(new Exposition.Page { Views = [], Own = [] });
        });
        using HttpClient reader = Reader(served, out _);
        Task<HttpStatusCode> scrape = StatusAsync(reader);
        await Eventually.Async(() => !served.Readers.IsEmpty, Deadline, "the scrape to begin");
        List<Socket> others = await OpenAsync(served, IPAddress.Loopback, MostReaders + 10);
        foreach (Socket other in others)
        {
            await other.SendAsync("GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Cancellation);
            Assert.StartsWith("HTTP/1.1 200 ", await AnswerAsync(other, toItsEnd: false), StringComparison.Ordinal);
        }

        await Eventually.Async(() => others.Take(11).All(other => !IsOpen(other)), Deadline, "the first ones to go");
        print.SetResult();

        Assert.Equal(HttpStatusCode.OK, await scrape);
        others.ForEach(other => other.Dispose());
    }

    /// <summary>Some seconds of it; SPANMETRICS_SLOW_SECONDS=60 is the whole, whose figures are in perf/results.</summary>
    [Theory]
    [InlineData("http", 500)]
    [InlineData("https", 500)]
    [InlineData("http", 1500)] // more than there is room for
    public async Task Hundreds_of_slow_connections_keep_no_authorised_scrape_from_its_answer(string scheme, int count)
    {
        var duration = TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("SPANMETRICS_SLOW_SECONDS") ?? "4"));
        using var kafka = new MockKafka();
        int port = FreePort.Next();
        _folder.Folder.Write("web.yml", (scheme == "https" ? WebFolder.Tls : "") + WebFolder.Users);
        string file = _folder.Folder.Write("spanmetrics.yml", $$"""
            kafka: { bootstrap_servers: "{{kafka.Brokers}}", topics: { traces: [slow], logs: [] } }
            http: { listen: "127.0.0.1:{{port}}", web_config: web.yml }
            """);
        await using ChildProcess worker = ProgramUnderTest.Start("run", "--config", file);
        using HttpClient kept = Reader($"{scheme}://127.0.0.1:{port}", out _);
        await Eventually.Async(async () => await StatusAsync(kept) == HttpStatusCode.OK, Deadline, "the page", worker.Describe);

        Dictionary<string, List<double>> before = await ScrapeAsync(kept, scheme, port, duration);
        Dictionary<string, List<double>> during;
        long connections;
        await using (var slow = new SlowClients(count, port, scheme == "https"))
        {
            await Eventually.Async(() => slow.Connections >= count, Deadline, $"{count} connections");
            during = await ScrapeAsync(kept, scheme, port, duration);
            connections = slow.Connections;
        }

        foreach (string kind in before.Keys)
        {
            output.WriteLine($"{scheme}, {kind}, {duration.TotalSeconds} s, {count} slow clients, {connections} connections: before {Told(before[kind])}; during {Told(during[kind])}");
        }

        Assert.DoesNotContain("fail:", worker.Error, StringComparison.Ordinal);
    }

    // Each one answered, in milliseconds, ten a second of each kind; on a connection that is kept, and each on a new one.
    private static async Task<Dictionary<string, List<double>>> ScrapeAsync(HttpClient kept, string scheme, int port, TimeSpan duration)
    {
        var times = new Dictionary<string, List<double>> { ["kept connection"] = [], ["new connection"] = [] };
        var watch = Stopwatch.StartNew();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (watch.Elapsed < duration && await pace.WaitForNextTickAsync(Cancellation))
        {
            using HttpClient fresh = Reader($"{scheme}://127.0.0.1:{port}", out _);
            foreach ((string kind, HttpClient reader) in new[] { ("kept connection", kept), ("new connection", fresh) })
            {
                long start = Stopwatch.GetTimestamp();
                Assert.Equal(HttpStatusCode.OK, await StatusAsync(reader));
                times[kind].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        return times;
    }

    private static string Told(List<double> times) => $"{times.Count} scrapes, median {At(times, .5):F1}, 99 % {At(times, .99):F1}, most {times.Max():F1} ms";

    private static double At(List<double> times, double share) => times.Order().ElementAt((int)(share * (times.Count - 1)));

    private Task<ServedSurface> ServeAsync(string web)
    {
        string file = _folder.Folder.Write("web.yml", web);
        return ServedSurface.StartAsync(new WebConfigFile(file, TimeProvider.System, NullLogger<WebConfigFile>.Instance).Current);
    }

    private static HttpClient Reader(ServedSurface served, out Func<int> connections) => Reader($"http://{served.Address}", out connections);

    private static HttpClient Reader(string url, out Func<int> connections)
    {
        int made = 0;
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                Interlocked.Increment(ref made);
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        connections = () => made;
        var client = new HttpClient(handler) { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(10) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"prometheus:{WebFolder.Password}")));
        return client;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using HttpResponseMessage response = await client.GetAsync(new Uri("/metrics", UriKind.Relative), Cancellation);
        return response.StatusCode;
    }

    private static async Task<List<Socket>> OpenAsync(ServedSurface served, IPAddress from, int count)
    {
        var sockets = new List<Socket>();
        while (sockets.Count < count)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(IPEndPoint.Parse(served.Address), Cancellation);
            sockets.Add(socket);
        }

        return sockets;
    }

    private static Task OpenAreAsync(int count, List<Socket> sockets) =>
        Eventually.Async(() => sockets.Count(IsOpen) == count, Deadline, $"{count} to be open", () => $"{sockets.Count(IsOpen)} are");

    // The other side has said nothing, so anything to read is its end.
    private static bool IsOpen(Socket socket) => !socket.Poll(0, SelectMode.SelectRead);

    private static async Task<string> AnswerAsync(Socket socket, bool toItsEnd)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[16 << 10];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Deadline);
        int read;
        do
        {
            try
            {
                read = await socket.ReceiveAsync(buffer, patience.Token);
            }
            catch (SocketException)
            {
                break; // reset: what was sent after the refusal was not read
            }

            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
        while (read > 0 && toItsEnd);
        return text.ToString();
    }
}
