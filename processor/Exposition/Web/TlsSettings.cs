using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SpanMetrics.Exposition;

/// <summary>How a handshake goes. Certificates are left to the collector: handshakes that began before a rotation still use them.</summary>
internal sealed class TlsSettings
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    public required SslStreamCertificateContext Certificate { get; init; }

    public required SslProtocols Versions { get; init; }

    /// <summary>Null: those of the system's OpenSSL.</summary>
    public CipherSuitesPolicy? Ciphers { get; init; }

    public ClientAuth ClientAuth { get; init; }

    public X509Certificate2Collection ClientCas { get; init; } = [];

    /// <summary>Null: any name will do.</summary>
    public List<string>? AllowedNames { get; init; }

    public SslServerAuthenticationOptions OptionsFor(PageConnection connection)
    {
        var chain = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            ApplicationPolicy = { ClientAuthentication },
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true, // a stranger's certificate must not make the worker fetch an address
        };
        chain.CustomTrustStore.AddRange(ClientCas);
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = Certificate,
            EnabledSslProtocols = Versions,
            CipherSuitesPolicy = Ciphers,
            AllowRenegotiation = false,
            AllowTlsResume = false, // a session would outlive the settings that let its client in
            ClientCertificateRequired = ClientAuth != ClientAuth.NoClientCert,
            CertificateChainPolicy = chain,
            RemoteCertificateValidationCallback = ClientAuth == ClientAuth.NoClientCert ? null : (_, certificate, _, problems) => Accepts(certificate, problems, connection),
        };
    }

    private bool Accepts(X509Certificate? certificate, SslPolicyErrors problems, PageConnection connection)
    {
        if (certificate is null)
        {
            return ClientAuth is ClientAuth.RequestClientCert or ClientAuth.VerifyClientCertIfGiven;
        }

        bool verifies = ClientAuth is ClientAuth.VerifyClientCertIfGiven or ClientAuth.RequireAndVerifyClientCert;
        if (verifies && problems != SslPolicyErrors.None)
        {
            return false;
        }

        List<string> names = SubjectNames.Of((X509Certificate2)certificate);
        string? name = AllowedNames is null ? names.Count > 0 ? names[0] : null : names.Find(AllowedNames.Contains);
        connection.ClientName = verifies ? name : null; // anybody can write a name on a certificate of his own
        return AllowedNames is null || name is not null;
    }
}
