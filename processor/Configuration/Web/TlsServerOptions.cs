namespace SpanMetrics.Configuration;

/// <summary>The section <c>tls_server_config</c>; empty is plain HTTP. Paths are relative to the file.</summary>
internal sealed class TlsServerOptions
{
    /// <summary>The server's certificate in PEM, and behind it those that lead to its root.</summary>
    public string CertFile { get; init; } = "";

    public string KeyFile { get; init; } = "";

    /// <summary>What a client has to show, a name of <see cref="Exposition.ClientAuth"/>. Default NoClientCert.</summary>
    public string ClientAuthType { get; init; } = "";

    /// <summary>Roots of clients' certificates, in PEM.</summary>
    public string ClientCaFile { get; init; } = "";

    /// <summary>Names of which one must be on the client's certificate. Default: any.</summary>
    public List<string> ClientAllowedSans { get; init; } = [];

    /// <summary>TLS12 or TLS13. Default TLS12.</summary>
    public string MinVersion { get; init; } = "TLS12";

    /// <summary>TLS12 or TLS13. Default TLS13.</summary>
    public string MaxVersion { get; init; } = "TLS13";

    /// <summary>For TLS 1.2. Default: those of the system's OpenSSL.</summary>
    public List<string> CipherSuites { get; init; } = [];

    /// <summary>Has no effect, as in Prometheus since Go 1.17.</summary>
    public bool PreferServerCipherSuites { get; init; }
}
