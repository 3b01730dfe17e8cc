using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using System.Threading.RateLimiting;
using SpanMetrics.Diagnostics;
using SpanMetrics.Exposition;
using YamlDotNet.RepresentationModel;

namespace SpanMetrics.Configuration;

/// <summary>Reads a file of Prometheus' exporter-toolkit once, with the files that it names. What it takes, <c>promtool check web-config</c> takes.</summary>
internal sealed partial class WebConfigReader(string file)
{
    private const int MostBurst = 1_000_000;

    private static readonly TimeSpan MostInterval = TimeSpan.FromDays(1);

    private static readonly Dictionary<string, string[]> HeaderValues = new()
    {
        ["Content-Security-Policy"] = [],
        ["Strict-Transport-Security"] = [],
        ["X-Content-Type-Options"] = ["nosniff"],
        ["X-Frame-Options"] = ["deny", "sameorigin"],
        ["X-XSS-Protection"] = [],
    };

    private static readonly string[] Versions = ["TLS12", "TLS13"];

    private static readonly TlsCipherSuite[] Tls13Ciphers =
        [TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256];

    // Those of Go's tls.CipherSuites() in every version of it, by the same names.
    private static readonly TlsCipherSuite[] Ciphers =
    [
        .. Tls13Ciphers,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ];

    private readonly OptionsBinder _binder = new();
    private readonly Dictionary<string, FileStamp> _stamps = [];

    public IReadOnlyList<string> Errors => _binder.Errors;

    /// <summary>Whether the file, or one that it names, is no longer what was read.</summary>
    public bool IsOutdated()
    {
        foreach ((string path, FileStamp stamp) in _stamps)
        {
            if (FileStamp.Of(path) != stamp)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Null where there are errors. To be called once.</summary>
    public WebConfig? Read()
    {
        _stamps.Add(file, FileStamp.Of(file)); // before it is read: what is written meanwhile is read the next time
        var options = new WebConfigOptions();
        if (ConfigurationLoader.ReadFile(file, _binder) is YamlNode root)
        {
            _binder.Bind(options, root, node => $"{file}:{node.Start.Line}", "");
        }

        if (Errors.Count > 0)
        {
            return null; // what was not understood would be complained about again as missing
        }

        TlsSettings? tls = Tls(options.TlsServerConfig);
        WebUsers? users = Users(options.BasicAuthUsers);
        Dictionary<string, string> headers = Headers(options.HttpServerConfig.Headers);
        TokenBucketRateLimiter? rate = Rate(options.RateLimit);
        return Errors.Count > 0 ? null : new WebConfig { Tls = tls, Users = users, Headers = headers, Rate = rate };
    }

    private TlsSettings? Tls(TlsServerOptions options)
    {
        const string Section = "tls_server_config";
        if (!_binder.IsSaid(Section))
        {
            return null;
        }

        ClientAuth auth = options.ClientAuthType switch
        {
            "" => ClientAuth.NoClientCert,
            "RequireClientCert" => ClientAuth.RequireAnyClientCert, // its name before Go had several
            _ => Named<ClientAuth>(options.ClientAuthType, Enum.GetNames<ClientAuth>(), $"{Section}.client_auth_type"),
        };
        int least = VersionOf(options.MinVersion, $"{Section}.min_version"), most = VersionOf(options.MaxVersion, $"{Section}.max_version");
        if (least > most)
        {
            _binder.ReportAt($"{Section}.min_version", $"{options.MinVersion} is above max_version {options.MaxVersion}");
        }

        var ciphers = new List<TlsCipherSuite>();
        for (int i = 0; i < options.CipherSuites.Count; i++)
        {
            ciphers.Add(Named<TlsCipherSuite>(options.CipherSuites[i], Array.ConvertAll(Ciphers, cipher => cipher.ToString()), $"{Section}.cipher_suites[{i}]"));
        }

        bool verifies = auth is ClientAuth.VerifyClientCertIfGiven or ClientAuth.RequireAndVerifyClientCert;
        if (verifies && options.ClientCaFile.Length == 0)
        {
            _binder.ReportAt($"{Section}.client_auth_type", $"{auth} needs client_ca_file");
        }
        else if (auth == ClientAuth.NoClientCert && options.ClientCaFile.Length > 0)
        {
            _binder.ReportAt($"{Section}.client_ca_file", "needs a client_auth_type, such as RequireAndVerifyClientCert");
        }

        bool namesAreSaid = _binder.IsSaid($"{Section}.client_allowed_sans");
        if (namesAreSaid && auth is not (ClientAuth.RequireAnyClientCert or ClientAuth.RequireAndVerifyClientCert))
        {
            _binder.ReportAt($"{Section}.client_allowed_sans", "needs client_auth_type: RequireAndVerifyClientCert, or a client shows no certificate");
        }

        X509Certificate2Collection clientCas = options.ClientCaFile.Length == 0 ? [] : Certificates(options.ClientCaFile, $"{Section}.client_ca_file", out _);
        if (Certificate(options, Section) is not SslStreamCertificateContext certificate || Errors.Count > 0)
        {
            return null;
        }

        return new TlsSettings
        {
            Certificate = certificate,
            Versions = (least == 0 ? SslProtocols.Tls12 : 0) | (most == 1 ? SslProtocols.Tls13 : 0),
            Ciphers = ciphers.Count == 0 ? null : new CipherSuitesPolicy([.. new HashSet<TlsCipherSuite>([.. ciphers, .. Tls13Ciphers])]), // those of TLS 1.3 are always there, as in Go
            ClientAuth = auth,
            ClientCas = clientCas,
            AllowedNames = namesAreSaid ? options.ClientAllowedSans : null,
        };
    }

    private SslStreamCertificateContext? Certificate(TlsServerOptions options, string section)
    {
        if (options.CertFile.Length == 0 || options.KeyFile.Length == 0)
        {
            _binder.ReportAt(section, $"needs {(options.CertFile.Length == 0 ? "cert_file" : "key_file")}");
            return null;
        }

        int errors = Errors.Count;
        X509Certificate2Collection chain = Certificates(options.CertFile, $"{section}.cert_file", out string certificate);
        string key = Text(options.KeyFile, $"{section}.key_file");
        if (Errors.Count > errors)
        {
            return null;
        }

        try
        {
            return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(certificate, key), chain, offline: true);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            _binder.ReportAt($"{section}.key_file", $"{FullPath(options.KeyFile)} is not the key in PEM to {FullPath(options.CertFile)}: {exception.Message}");
            return null;
        }
    }

    // None where there is a mistake, which is reported.
    private X509Certificate2Collection Certificates(string path, string key, out string text)
    {
        var certificates = new X509Certificate2Collection();
        int errors = Errors.Count;
        text = Text(path, key);
        if (Errors.Count > errors)
        {
            return certificates;
        }

        try
        {
            certificates.ImportFromPem(text);
        }
        catch (CryptographicException exception)
        {
            _binder.ReportAt(key, $"{FullPath(path)}: {exception.Message}");
            return certificates;
        }

        if (certificates.Count == 0)
        {
            _binder.ReportAt(key, $"{FullPath(path)} holds no certificate in PEM");
        }

        return certificates;
    }

    // Empty where it cannot be read, which is reported.
    private string Text(string path, string key)
    {
        string full = FullPath(path);
        try
        {
            _stamps.TryAdd(full, FileStamp.Of(full));
            return File.ReadAllText(full);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _binder.ReportAt(key, $"cannot be read: {exception.Message}");
            return "";
        }
    }

    private WebUsers? Users(Dictionary<string, string> hashes)
    {
        if (hashes.Count > 0 && Bcrypt.WhyMissing is string why)
        {
            _binder.ReportAt("basic_auth_users", why);
        }

        foreach ((string user, string hash) in hashes)
        {
            if (!Bcrypt.IsHash(hash))
            {
                _binder.ReportAt($"basic_auth_users.{user}", "is no bcrypt hash, $2y$ and 57 characters more; `htpasswd -nBC 10 NAME` makes one");
            }
            else if (user.Contains(':', StringComparison.Ordinal))
            {
                _binder.ReportAt($"basic_auth_users.{user}", "a user's name cannot have a colon: that is where the password begins");
            }
        }

        return hashes.Count == 0 || Errors.Count > 0 ? null : new WebUsers(hashes);
    }

    private Dictionary<string, string> Headers(Dictionary<string, string> said)
    {
        var headers = new Dictionary<string, string>();
        foreach ((string name, string value) in said)
        {
            string key = $"http_server_config.headers.{name}";
            if (!HeaderValues.TryGetValue(name, out string[]? allowed))
            {
                _binder.ReportAt(key, $"cannot be set; {NearestName.Hint(name, [.. HeaderValues.Keys])}");
            }
            else if (allowed.Length > 0 && Array.IndexOf(allowed, value) < 0)
            {
                _binder.ReportAt(key, $"must be {string.Join(" or ", allowed)}, not \"{value}\"");
            }
            else if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            {
                _binder.ReportAt(key, "has a character that a header cannot have");
            }
            else if (value.Length > 0)
            {
                headers.Add(name, value);
            }
        }

        return headers;
    }

    private TokenBucketRateLimiter? Rate(RateLimitOptions options)
    {
        if (TryParseDuration(options.Interval, out TimeSpan interval))
        {
            if (interval == TimeSpan.Zero)
            {
                return null;
            }

            if (options.Burst is > 0 and <= MostBurst)
            {
                return new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
                {
                    TokenLimit = options.Burst,
                    TokensPerPeriod = 1,
                    ReplenishmentPeriod = interval,
                    AutoReplenishment = false,
                });
            }

            _binder.ReportAt("rate_limit.burst", $"must be 1 to {MostBurst}: with {options.Burst} no request is allowed");
        }
        else
        {
            _binder.ReportAt("rate_limit.interval", $"\"{options.Interval}\" is no time of at most a day with its unit, as in 100ms or 1m30s");
        }

        return null;
    }

    // As Go's time.ParseDuration, without a sign.
    private static bool TryParseDuration(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        Match match = Duration().Match(text);
        if (!match.Success)
        {
            return text == "0";
        }

        double seconds = 0;
        for (int i = 0; i < match.Groups["number"].Captures.Count; i++)
        {
            double number = double.Parse(match.Groups["number"].Captures[i].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
            seconds += number * match.Groups["unit"].Captures[i].Value switch { "h" => 3600, "m" => 60, "s" => 1, "ms" => 1e-3, "ns" => 1e-9, _ => 1e-6 };
        }

        if (seconds > MostInterval.TotalSeconds)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    private int VersionOf(string name, string key)
    {
        int version = Array.IndexOf(Versions, name);
        if (version < 0)
        {
            _binder.ReportAt(key, $"must be {string.Join(" or ", Versions)}, not \"{name}\"");
        }

        return version;
    }

    // Letter by letter, as Go compares them.
    private T Named<T>(string name, string[] names, string key) where T : struct, Enum
    {
        if (Array.IndexOf(names, name) >= 0)
        {
            return Enum.Parse<T>(name);
        }

        _binder.ReportAt(key, $"\"{name}\" is unknown; {NearestName.Hint(name, names)}");
        return default;
    }

    private string FullPath(string path) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, path);

    [GeneratedRegex(@"^((?<number>[0-9]+\.?[0-9]*|\.[0-9]+)(?<unit>ns|us|µs|μs|ms|s|m|h))+\z")]
    private static partial Regex Duration();
}
