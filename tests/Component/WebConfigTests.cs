using System.Text.RegularExpressions;
using SpanMetrics.Configuration;
using SpanMetrics.Exposition;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Component;

/// <summary>What the file of http.web_config may say; promtool, which has it from the people who made the format, is asked beside us.</summary>
[Collection(ComponentGroup.Name)]
public sealed partial class WebConfigTests : IDisposable
{
    private const string H = WebFolder.Hash;

    private readonly WebFolder _folder = new();

    /// <summary>The second: whether promtool 2.42 is too old to know the field.</summary>
    public static TheoryData<string, bool> Good => new()
    {
        { "", false },
        { "# nothing\n", false },
        { WebFolder.Tls, false },
        { WebFolder.MutualTls, false },
        { WebFolder.Users, false },
        { "basic_auth_users:\n", false },
        { $"basic_auth_users: {{ a: {H}, \"b c\": {H.Replace("$2y", "$2b")}, \"ü\": {H.Replace("$2y", "$2a")} }}\n", false },
        { "tls_server_config: { cert_file: server.pem, key_file: server.key, client_auth_type: NoClientCert }\n", false },
        { "tls_server_config: { cert_file: server.pem, key_file: server.key, client_auth_type: RequestClientCert }\n", false },
        { "tls_server_config: { cert_file: server.pem, key_file: server.key, client_auth_type: RequireAnyClientCert }\n", false },
        { "tls_server_config: { cert_file: server.pem, key_file: server.key, client_auth_type: RequireClientCert }\n", false },
        { "tls_server_config: { cert_file: server.pem, key_file: server.key, client_auth_type: VerifyClientCertIfGiven, client_ca_file: clients.pem }\n", false },
        { "tls_server_config: { cert_file: server.pem, key_file: server.key, min_version: TLS13, max_version: TLS13 }\n", false },
        { "tls_server_config: { cert_file: server.pem, key_file: server.key, min_version: TLS12, max_version: TLS12, prefer_server_cipher_suites: false }\n", false },
        {
            "tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n  cipher_suites:\n" +
            string.Concat(Ciphers.Select(cipher => $"  - {cipher}\n")), false
        },
        { "http_server_config: { http2: true }\n", false },
        { "http_server_config: { http2: false, headers: { X-Frame-Options: sameorigin, X-Content-Type-Options: nosniff, X-XSS-Protection: \"\", Content-Security-Policy: \"default-src 'self'\", Strict-Transport-Security: max-age=1 } }\n", false },
        { WebFolder.MutualTls.Replace(" }", ", client_allowed_sans: [prometheus.test, 10.0.0.1] }"), true },
        { "rate_limit: { interval: 1s, burst: 5 }\n", true },
        { "rate_limit: { interval: 1m1.5s, burst: 1 }\n", true },
        { "rate_limit: { interval: 0, burst: 0 }\n", true },
    };

    /// <summary>The line, the key and a word of what we say; whether promtool refuses it too.</summary>
    public static TheoryData<string, int, string, string, bool> Bad => new()
    {
        { "tls_sever_config: {}\n", 1, "tls_sever_config", "tls_server_config", true },
        { "\ntls_server_config:\n  cert_fil: server.pem\n", 3, "tls_server_config.cert_fil", "cert_file", true },
        { "tls_server_config: { cert_file: server.pem }\n", 1, "tls_server_config", "needs key_file", true },
        { "tls_server_config: { key_file: server.key }\n", 1, "tls_server_config", "needs cert_file", true },
        { "tls_server_config: { min_version: TLS13 }\n", 1, "tls_server_config", "needs cert_file", false },
        { "tls_server_config:\n  cert_file: nowhere.pem\n  key_file: server.key\n", 2, "tls_server_config.cert_file", "nowhere.pem", true },
        { "tls_server_config:\n  cert_file: server.pem\n  key_file: nowhere.key\n", 3, "tls_server_config.key_file", "nowhere.key", true },
        { "tls_server_config:\n  cert_file: server.pem\n  key_file: prometheus.key\n", 3, "tls_server_config.key_file", "is not the key", true },
        { "tls_server_config:\n  cert_file: server.key\n  key_file: server.key\n", 2, "tls_server_config.cert_file", "no certificate", true },
        { WebFolder.Tls.Replace(" }", ", client_ca_file: clients.pem }"), 1, "tls_server_config.client_ca_file", "client_auth_type", true },
        { WebFolder.Tls.Replace(" }", ", client_auth_type: RequireAndVerify }"), 1, "tls_server_config.client_auth_type", "RequireAndVerifyClientCert", true },
        { WebFolder.Tls.Replace(" }", ", client_auth_type: requireanyclientcert }"), 1, "tls_server_config.client_auth_type", "RequireAnyClientCert", true },
        { WebFolder.Tls.Replace(" }", ", client_auth_type: RequireAndVerifyClientCert }"), 1, "tls_server_config.client_auth_type", "client_ca_file", false },
        { WebFolder.MutualTls.Replace("clients.pem", "nowhere.pem"), 1, "tls_server_config.client_ca_file", "nowhere.pem", true },
        { WebFolder.MutualTls.Replace("clients.pem", "server.key"), 1, "tls_server_config.client_ca_file", "no certificate", false },
        { WebFolder.Tls.Replace(" }", ", client_allowed_sans: [a] }"), 1, "tls_server_config.client_allowed_sans", "RequireAndVerifyClientCert", false },
        { WebFolder.Tls.Replace(" }", ", min_version: TLS1.2 }"), 1, "tls_server_config.min_version", "TLS12", true },
        { WebFolder.Tls.Replace(" }", ", min_version: TLS10 }"), 1, "tls_server_config.min_version", "TLS12", false },
        { WebFolder.Tls.Replace(" }", ", min_version: TLS13, max_version: TLS12 }"), 1, "tls_server_config.min_version", "max_version", false },
        { WebFolder.Tls.Replace(" }", ", cipher_suites: [TLS_NULL_WITH_NULL_NULL] }"), 1, "tls_server_config.cipher_suites[0]", "unknown", true },
        { WebFolder.Tls.Replace(" }", ", curve_preferences: [X25519] }"), 1, "tls_server_config.curve_preferences", "unknown", false },
        { "basic_auth_users:\n  a: secret\n", 2, "basic_auth_users.a", "bcrypt", true },
        { $"basic_auth_users:\n  a: {H[..^2]}\n", 2, "basic_auth_users.a", "bcrypt", true },
        { $"basic_auth_users:\n  a: {H[..^1]}\n", 2, "basic_auth_users.a", "bcrypt", false },
        { $"basic_auth_users:\n  a: {H.Replace("$04", "$03")}\n", 2, "basic_auth_users.a", "bcrypt", true },
        { $"basic_auth_users:\n  a:b: {H}\n", 2, "basic_auth_users.a:b", "colon", false },
        { "basic_auth_users: [a]\n", 1, "basic_auth_users", "mapping", true },
        { "http_server_config:\n  http2: maybe\n", 2, "http_server_config.http2", "true or false", true },
        { "http_server_config:\n  headers:\n    X-Frame-Options: allow\n", 3, "http_server_config.headers.X-Frame-Options", "deny or sameorigin", true },
        { "http_server_config:\n  headers:\n    X-Frame-Option: deny\n", 3, "http_server_config.headers.X-Frame-Option", "X-Frame-Options", true },
        { "http_server_config:\n  headers:\n    X-XSS-Protection: \"1\\r\\nSet-Cookie: a\"\n", 3, "http_server_config.headers.X-XSS-Protection", "character", false },
        { "rate_limit: { interval: soon, burst: 1 }\n", 1, "rate_limit.interval", "100ms", true },
        { "rate_limit: { interval: 1s }\n", 1, "rate_limit", "no request is allowed", false },
        { "rate_limit: { interval: 5, burst: 1 }\n", 1, "rate_limit.interval", "unit", false },
        { "rate_limit: { interval: 48h, burst: 1 }\n", 1, "rate_limit.interval", "a day", false },
        { "rate_limit: { interval: 1s, burst: many }\n", 1, "rate_limit.burst", "whole number", true },
        { "tls_server_config: [\n", 2, "", "not YAML", true },
    };

    private static string[] Ciphers =>
    [
        "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Good))]
    public async Task What_we_take_promtool_takes(string text, bool isNewer)
    {
        string file = _folder.Folder.Write("web.yml", text);
        var reader = new WebConfigReader(file);

        WebConfig? config = reader.Read();
        (int exitCode, string said) = await PromtoolAsync(file);

        Assert.Empty(reader.Errors);
        Assert.NotNull(config);
        Assert.False(reader.IsOutdated());
        Assert.True(exitCode == 0 || (isNewer && NewField().IsMatch(said)), said);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_mistake_is_told_with_its_line_and_key_and_promtool_sees_it_too(string text, int line, string key, string word, bool promtoolToo)
    {
        string file = _folder.Folder.Write("web.yml", text);
        var reader = new WebConfigReader(file);

        WebConfig? config = reader.Read();
        (int exitCode, string said) = await PromtoolAsync(file);

        Assert.Null(config);
        string error = Assert.Single(reader.Errors);
        Assert.StartsWith($"{file}:{line}: ", error, StringComparison.Ordinal);
        Assert.Contains(key, error, StringComparison.Ordinal);
        Assert.Contains(word, error, StringComparison.Ordinal);
        Assert.DoesNotContain(H[7..], error, StringComparison.Ordinal);
        Assert.True(exitCode != 0 || !promtoolToo, said);
    }

    [Fact]
    public async Task The_shipped_file_is_right()
    {
        string file = _folder.Folder.Write("web.yml", await File.ReadAllTextAsync(Repository.PathOf("compose", "web.yml"), TestContext.Current.CancellationToken));
        var reader = new WebConfigReader(file);

        WebConfig? config = reader.Read();
        (int exitCode, string said) = await PromtoolAsync(file);

        Assert.Empty(reader.Errors);
        Assert.True(config!.KnowsReaders);
        Assert.True(exitCode == 0, said);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("run")]
    public async Task Every_mistake_of_both_files_is_reported_at_start(string verb)
    {
        _folder.Folder.Write("web.yml", "basic_auth_users:\n  a: secret\nrate_limit: { interval: soon }\n");
        string file = _folder.Folder.Write("spanmetrics.yml", "http: { listen: nowhere, web_config: web.yml }\n");

        ProgramResult result = await ProgramUnderTest.RunAsync(verb, "--config", file);

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains($"{file}:1: http.listen: ", result.Error, StringComparison.Ordinal);
        Assert.Contains($"{_folder.File}:2: basic_auth_users.a: ", result.Error, StringComparison.Ordinal);
        Assert.Contains($"{_folder.File}:3: rate_limit.interval: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_reported_at_start()
    {
        ProgramResult result = await ProgramUnderTest.RunAsync("check", "--set", $"http.web_config={_folder.PathOf("nowhere.yml")}");

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains($"{_folder.PathOf("nowhere.yml")}: cannot be read", result.Error, StringComparison.Ordinal);
    }

    /// <summary>As Kubernetes changes a secret: the link stays as it is, a link on the way moves.</summary>
    [Fact]
    public void A_change_behind_links_is_seen()
    {
        using var folder = new TempFolder();
        foreach (string version in new[] { "one", "two" })
        {
            Directory.CreateDirectory(Path.Combine(folder.Path, version));
            folder.Write($"{version}/web.yml", $"# {version}\n");
        }

        string data = Path.Combine(folder.Path, "data"), file = Path.Combine(folder.Path, "web.yml");
        Directory.CreateSymbolicLink(data, "one");
        File.CreateSymbolicLink(file, "data/web.yml");
        File.SetLastWriteTimeUtc(Path.Combine(folder.Path, "two/web.yml"), DateTime.UnixEpoch);
        var reader = new WebConfigReader(file);
        Assert.NotNull(reader.Read());
        Assert.False(reader.IsOutdated());

        Directory.Delete(data);
        Directory.CreateSymbolicLink(data, "two");

        Assert.True(reader.IsOutdated());
    }

    private static async Task<(int ExitCode, string Said)> PromtoolAsync(string file)
    {
        await using var promtool = ChildProcess.Start(Parts.Require("PROMTOOL"), ["check", "web-config", file]);
        int exitCode = await promtool.ExitAsync(TimeSpan.FromSeconds(30));
        return (exitCode, promtool.Output + promtool.Error);
    }

    [GeneratedRegex("field (rate_limit|client_allowed_sans) not found")]
    private static partial Regex NewField();
}
