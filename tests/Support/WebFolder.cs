namespace SpanMetrics.Tests.Support;

/// <summary>A folder with a web.yml, an authority `clients` with a client `prometheus`, and an authority `servers` with a `server`. Passwords: <see cref="Password"/>, <see cref="OtherPassword"/>.</summary>
internal sealed class WebFolder : IDisposable
{
    public const string Password = "open sesame", OtherPassword = "new sesame";
    public const string Hash = "$2y$04$SpanMetricsTestSaltXXe3Q44iiUwPNhc2nGIaDPow2whTD0PxCm";
    public const string OtherHash = "$2y$04$SpanMetricsTestSaltXXetYxAWihl7DdaT5/pc7FcW9sXd40zr9C";

    public const string Tls = "tls_server_config: { cert_file: server.pem, key_file: server.key }\n";
    public const string MutualTls =
        "tls_server_config: { cert_file: server.pem, key_file: server.key, client_auth_type: RequireAndVerifyClientCert, client_ca_file: clients.pem }\n";
    public const string Users = $"basic_auth_users: {{ prometheus: {Hash} }}\n";

    public WebFolder(string web = "")
    {
        Certificates = new Certificates(Folder);
        Certificates.Authority("servers");
        Certificates.Authority("clients");
        Certificates.Server("servers", "server");
        Certificates.Client("clients", "prometheus", names => names.AddDnsName("prometheus.test"));
        File = Folder.Write("web.yml", web);
    }

    public TempFolder Folder { get; } = new();

    public Certificates Certificates { get; }

    public string File { get; }

    public string PathOf(string name) => Path.Combine(Folder.Path, name);

    /// <summary>What curl takes to show the client's certificate.</summary>
    public string[] Certificate(string name) => ["--cert", PathOf($"{name}.pem"), "--key", PathOf($"{name}.key")];

    public void Dispose() => Folder.Dispose();
}
