using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SpanMetrics.Configuration;
using SpanMetrics.Tests.Support;
using SpanMetrics.Tests.Unit;

namespace SpanMetrics.Tests.Component;

/// <summary>The page behind a web.yml, read by curl and Prometheus.</summary>
[Collection(ComponentGroup.Name)]
public sealed class GuardedPageTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly string[] User = ["--user", $"prometheus:{WebFolder.Password}"];

    private readonly WebFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(WebFolder.Password, WebFolder.Hash)]
    [InlineData(WebFolder.Password, "$2b$05$SpanMetricsTestSaltXXeevpiF0FCfjk9NHOIlBW9TJnr335ROAq")]
    [InlineData(WebFolder.Password, "$2a$04$SpanMetricsTestSaltXXe3Q44iiUwPNhc2nGIaDPow2whTD0PxCm")]
    [InlineData("pässwörd:x", "$2y$04$SpanMetricsTestSaltXXetacvMZPFPLafcGMesxRyMA88GB2oIma")]
    public async Task The_right_password_opens_and_each_wrong_one_does_not(string password, string hash)
    {
        await using ServedSurface served = await ServeAsync($"basic_auth_users: {{ other: {WebFolder.OtherHash}, prometheus: {hash} }}\n");
        string url = $"http://{served.Address}/metrics";

        Assert.Equal(200, (await Curl.GetAsync(url, "--user", $"prometheus:{password}")).Status);
        Assert.Equal(200, (await Curl.GetAsync(url, "--user", $"prometheus:{password}")).Status); // known by now
        foreach (string wrong in new[] { "", "x", password + "x", password[..^1], WebFolder.OtherPassword })
        {
            Assert.Equal(401, (await Curl.GetAsync(url, "--user", $"prometheus:{wrong}")).Status);
        }

        Assert.Equal(401, (await Curl.GetAsync(url, "--user", $"nobody:{password}")).Status);
        Assert.Equal(401, (await Curl.GetAsync(url, "--user", $"other:{password}")).Status);
        Assert.Equal(["prometheus", "prometheus"], served.Readers);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/")]
    [InlineData("/-/healthy")]
    [InlineData("/-/ready")]
    [InlineData("/nowhere")]
    public async Task Without_a_password_every_URL_answers_the_same(string path)
    {
        await using ServedSurface served = await ServeAsync(WebFolder.Users);

        (int status, _, string text) = await Curl.GetAsync($"http://{served.Address}{path}");

        Assert.Equal(401, status);
        Assert.Contains("WWW-Authenticate: Basic", text, StringComparison.Ordinal);
        Assert.Empty(served.Readers);
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic ")]
    [InlineData("Basic !!")]
    [InlineData("Basic cHJvbWV0aGV1cw==")]          // no colon
    [InlineData("Basic cHJvbWV0aGV1czoAb3Blbg==")]  // a zero byte
    [InlineData("Bearer x")]
    public async Task A_header_that_is_none_is_401(string header)
    {
        await using ServedSurface served = await ServeAsync(WebFolder.Users);

        using HttpResponseMessage response = await served.ScrapeAsync(("Authorization", header));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    /// <summary>At the cost of 10 that everybody has: a user that is not there takes as long as one that is, and one that is known takes nothing.</summary>
    [Fact]
    public async Task An_unknown_user_takes_as_long_as_a_wrong_password_and_a_known_one_no_time()
    {
        await using ServedSurface served = await ServeAsync("basic_auth_users: { cheap: " + WebFolder.OtherHash + ", prometheus: $2y$10$SpanMetricsTestSaltXXeoCvGl7qpPXhYSZXcST9Q9M9gI7fQsPC }\n");
        await MillisecondsAsync(served, "prometheus", WebFolder.Password, HttpStatusCode.OK);

        double wrong = await MillisecondsAsync(served, "prometheus", "wrong", HttpStatusCode.Unauthorized);
        double unknown = await MillisecondsAsync(served, "nobody", WebFolder.Password, HttpStatusCode.Unauthorized);
        double known = await MillisecondsAsync(served, "prometheus", WebFolder.Password, HttpStatusCode.OK);

        Assert.InRange(unknown / wrong, .25, 4); // without the work, or at the cost of the cheap user, a fiftieth
        Assert.True(known < wrong / 4, $"known {known} ms, wrong {wrong} ms");
    }

    [Fact]
    public async Task Over_TLS_the_server_shows_its_certificate_and_plain_HTTP_is_not_spoken()
    {
        await using ServedSurface served = await ServeAsync(WebFolder.Tls + "http_server_config: { headers: { X-Frame-Options: deny, Strict-Transport-Security: max-age=60 } }\n");
        string url = $"https://{served.Address}/metrics";

        (int status, _, string text) = await Curl.GetAsync(url, "--cacert", _folder.PathOf("servers.pem"));

        Assert.Equal(200, status);
        Assert.Contains("HTTP/1.1 200", text, StringComparison.Ordinal); // curl asks for HTTP/2 too
        Assert.Contains("X-Frame-Options: deny", text, StringComparison.Ordinal);
        Assert.Contains("Strict-Transport-Security: max-age=60", text, StringComparison.Ordinal);
        Assert.Equal(60, (await Curl.GetAsync(url, "--cacert", _folder.PathOf("clients.pem"))).ExitCode);
        Assert.Equal(0, (await Curl.GetAsync(url.Replace("https", "http", StringComparison.Ordinal))).Status);
    }

    [Theory]
    [InlineData("min_version: TLS13", "--tls-max 1.2", false)]
    [InlineData("min_version: TLS13", "--tlsv1.3", true)]
    [InlineData("max_version: TLS12", "--tlsv1.3", false)]
    [InlineData("max_version: TLS12", "--tls-max 1.2", true)]
    [InlineData("cipher_suites: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]", "--tls-max 1.2 --ciphers ECDHE-RSA-AES128-GCM-SHA256", false)]
    [InlineData("cipher_suites: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]", "--tls-max 1.2 --ciphers ECDHE-RSA-AES256-GCM-SHA384", true)]
    [InlineData("cipher_suites: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]", "--tlsv1.3", true)]
    public async Task Versions_and_ciphers_are_those_of_the_file(string setting, string client, bool opens)
    {
        await using ServedSurface served = await ServeAsync(WebFolder.Tls.Replace(" }", $", {setting} }}"));

        (int status, int exitCode, _) = await Curl.GetAsync($"https://{served.Address}/metrics", ["--cacert", _folder.PathOf("servers.pem"), .. client.Split(' ')]);

        Assert.Equal(opens, status == 200 && exitCode == 0);
    }

    [Theory]
    [InlineData("RequireAndVerifyClientCert", "none", false, null)]
    [InlineData("RequireAndVerifyClientCert", "prometheus", true, "prometheus.test")]
    [InlineData("RequireAndVerifyClientCert", "stranger", false, null)]
    [InlineData("RequireAndVerifyClientCert", "for-servers", false, null)]
    [InlineData("VerifyClientCertIfGiven", "none", true, null)]
    [InlineData("VerifyClientCertIfGiven", "prometheus", true, "prometheus.test")]
    [InlineData("VerifyClientCertIfGiven", "stranger", false, null)]
    [InlineData("RequireAnyClientCert", "none", false, null)]
    [InlineData("RequireAnyClientCert", "stranger", true, null)] // anybody can sign one: it gives no name
    [InlineData("RequestClientCert", "none", true, null)]
    [InlineData("RequestClientCert", "stranger", true, null)]
    public async Task A_client_certificate_opens_by_its_type_and_names_its_reader_only_when_verified(string type, string client, bool opens, string? name)
    {
        _folder.Certificates.Authority("strangers");
        _folder.Certificates.Client("strangers", "stranger", names => names.AddDnsName("prometheus.test"));
        _folder.Certificates.WrongPurpose("clients", "for-servers");
        string web = WebFolder.MutualTls.Replace("RequireAndVerifyClientCert", type, StringComparison.Ordinal);
        await using ServedSurface served = await ServeAsync(web);

        (int status, _, _) = await Curl.GetAsync(
            $"https://{served.Address}/metrics", ["--cacert", _folder.PathOf("servers.pem"), .. client == "none" ? [] : _folder.Certificate(client)]);

        Assert.Equal(opens ? 200 : 0, status);
        Assert.Equal(opens ? [name] : [], served.Readers);
        Assert.Empty(served.Log.Messages);
    }

    [Theory]
    [InlineData("other.test", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("ops@example.org", true)]
    [InlineData("spiffe://example.org/prometheus", true)]
    [InlineData("OTHER.test", false)]
    [InlineData("test", false)]
    [InlineData("many", false)] // its common name
    public async Task One_name_on_the_certificate_must_be_allowed(string allowed, bool opens)
    {
        _folder.Certificates.Client("clients", "many", names =>
        {
            names.AddDnsName("first.test");
            names.AddDnsName("other.test");
            names.AddIpAddress(IPAddress.Parse("10.1.2.3"));
            names.AddIpAddress(IPAddress.Parse("2001:db8::1"));
            names.AddEmailAddress("ops@example.org");
            names.AddUri(new Uri("spiffe://example.org/prometheus"));
        });
        await using ServedSurface served = await ServeAsync(WebFolder.MutualTls.Replace(" }", $", client_allowed_sans: [\"{allowed}\"] }}"));

        (int status, _, _) = await Curl.GetAsync($"https://{served.Address}/metrics", ["--cacert", _folder.PathOf("servers.pem"), .. _folder.Certificate("many")]);

        Assert.Equal(opens ? 200 : 0, status);
        Assert.Equal(opens ? [allowed] : [], served.Readers);
    }

    [Fact]
    public async Task Where_both_are_asked_for_the_user_is_the_name()
    {
        await using ServedSurface served = await ServeAsync(WebFolder.MutualTls + WebFolder.Users);
        string url = $"https://{served.Address}/metrics";
        string[] trust = ["--cacert", _folder.PathOf("servers.pem")];

        Assert.Equal(200, (await Curl.GetAsync(url, [.. trust, .. _folder.Certificate("prometheus"), .. User])).Status);
        Assert.Equal(401, (await Curl.GetAsync(url, [.. trust, .. _folder.Certificate("prometheus")])).Status);
        Assert.Equal(0, (await Curl.GetAsync(url, [.. trust, .. User])).Status);
        Assert.Equal(["prometheus"], served.Readers);
    }

    [Fact]
    public async Task The_rate_limit_lets_a_burst_through_and_then_one_at_a_time()
    {
        await using ServedSurface served = await ServeAsync("rate_limit: { interval: 2s, burst: 3 }\n");

        HttpStatusCode[] first = [.. await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => StatusAsync(served)))];

        Assert.Equal(3, first.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(7, first.Count(status => status == HttpStatusCode.TooManyRequests));
        await Eventually.Async(async () => await StatusAsync(served) == HttpStatusCode.OK, Deadline, "the next request to be allowed");
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(served));
    }

    [Fact]
    public async Task Prometheus_scrapes_with_certificate_and_password_through_their_rotation()
    {
        await using ServedSurface served = await ServeAsync(WebFolder.MutualTls + WebFolder.Users);
        await using PrometheusServer prometheus = await PrometheusServer.StartAsync(
            served.Address, [], [("spanmetrics", "1s")],
            $", scheme: https, basic_auth: {{ username: prometheus, password: {WebFolder.Password} }}" +
            $", tls_config: {{ ca_file: {_folder.PathOf("servers.pem")}, cert_file: {_folder.PathOf("prometheus.pem")}, key_file: {_folder.PathOf("prometheus.key")} }}");
        await UpIsAsync(prometheus, 1);

        string before = await SerialAsync(served);
        _folder.Certificates.Server("servers", "server");
        Assert.NotEqual(before, await SerialAsync(served));
        await UpIsAsync(prometheus, 1);

        _folder.Folder.Write("web.yml", WebFolder.MutualTls + WebFolder.Users.Replace(WebFolder.Hash, WebFolder.OtherHash, StringComparison.Ordinal));
        await UpIsAsync(prometheus, 0);
        _folder.Folder.Write("web.yml", WebFolder.MutualTls + WebFolder.Users);
        await UpIsAsync(prometheus, 1);

        // A reader that is let in no longer keeps no connection from before.
        _folder.Certificates.Authority("clients");
        await UpIsAsync(prometheus, 0);
        Assert.Empty(served.Log.Messages);
    }

    /// <summary>The program itself: relative paths, what it logs and shows of a file that became wrong.</summary>
    [Fact]
    public async Task A_worker_takes_a_new_file_without_a_restart_and_keeps_the_old_one_where_that_is_broken()
    {
        using var kafka = new MockKafka();
        int port = FreePort.Next();
        _folder.Folder.Write("web.yml", WebFolder.Tls + WebFolder.Users);
        string file = _folder.Folder.Write("spanmetrics.yml", $$"""
            kafka: { bootstrap_servers: "{{kafka.Brokers}}", topics: { traces: [web], logs: [] } }
            http: { listen: "0.0.0.0:{{port}}", web_config: web.yml }
            """);
        await using ChildProcess worker = ProgramUnderTest.Start("run", "--config", file);
        string url = $"https://127.0.0.1:{port}/metrics";
        string[] trust = ["--cacert", _folder.PathOf("servers.pem")];
        await Eventually.Async(async () => (await Curl.GetAsync(url, [.. trust, .. User])).Status == 200, Deadline, "the page", worker.Describe);
        Assert.Equal(1, await GaugeAsync());

        _folder.Folder.Write("web.yml", WebFolder.Tls + "basic_auth_users: { prometheus: oops }\n");
        Assert.Equal(0, await GaugeAsync());
        Assert.Contains("web.yml:2: basic_auth_users.prometheus: is no bcrypt hash", worker.Error, StringComparison.Ordinal);
        _folder.Folder.Write("web.yml", WebFolder.Users);
        Assert.Equal(0, await GaugeAsync());
        Assert.Contains("TLS is switched off by a restart only", worker.Error, StringComparison.Ordinal);

        _folder.Folder.Write("web.yml", WebFolder.Tls + WebFolder.Users.Replace(WebFolder.Hash, WebFolder.OtherHash, StringComparison.Ordinal));
        Assert.Equal(401, (await Curl.GetAsync(url, [.. trust, .. User])).Status);
        (int status, _, string text) = await Curl.GetAsync(url, [.. trust, "--user", $"prometheus:{WebFolder.OtherPassword}"]);
        Assert.Equal(200, status);
        Assert.Contains("spanmetrics_config_last_reload_successful 1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("can be read by anybody", worker.Error, StringComparison.Ordinal);

        async Task<int> GaugeAsync()
        {
            (_, _, string page) = await Curl.GetAsync(url, [.. trust, .. User]);
            return page.Contains("spanmetrics_config_last_reload_successful 0", StringComparison.Ordinal) ? 0
                : page.Contains("spanmetrics_config_last_reload_successful 1", StringComparison.Ordinal) ? 1
                : throw new Xunit.Sdk.XunitException(page + worker.Describe());
        }
    }

    private Task<ServedSurface> ServeAsync(string web)
    {
        string file = _folder.Folder.Write("web.yml", web);
        return ServedSurface.StartAsync(new WebConfigFile(file, TimeProvider.System, NullLogger<WebConfigFile>.Instance).Current);
    }

    private static async Task<HttpStatusCode> StatusAsync(ServedSurface served)
    {
        using HttpResponseMessage response = await served.ScrapeAsync();
        return response.StatusCode;
    }

    // The best of ten: what the machine does beside it only adds.
    private static async Task<double> MillisecondsAsync(ServedSurface served, string user, string password, HttpStatusCode status)
    {
        double best = double.MaxValue;
        for (int i = 0; i < 10; i++)
        {
            long start = Stopwatch.GetTimestamp();
            using HttpResponseMessage response = await served.ScrapeAsync(("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}"));
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            Assert.Equal(status, response.StatusCode);
        }

        return best;
    }

    private static Task UpIsAsync(PrometheusServer prometheus, double up) => Eventually.Async(
        async () => await prometheus.ValueAsync("up") == up, Deadline, $"up to be {up}", () => prometheus.Log);

    // Of the certificate that the server shows in a new handshake.
    private static async Task<string> SerialAsync(ServedSurface served)
    {
        string serial = "";
        using var client = new System.Net.Sockets.TcpClient();
        string[] address = served.Address.Split(':');
        await client.ConnectAsync(address[0], int.Parse(address[1]), TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream(), false, (_, certificate, _, _) =>
        {
            serial = ((X509Certificate2)certificate!).SerialNumber;
            return serial.Length > 0;
        });
        await tls.AuthenticateAsClientAsync("127.0.0.1"); // TLS 1.3: done before the server has looked for ours
        return serial;
    }
}
