using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SpanMetrics.Tests.Support;

/// <summary>An authority of this test's own, and what it signs, as PEM files in a folder.</summary>
internal sealed class Certificates(TempFolder folder)
{
    private const string ForServers = "1.3.6.1.5.5.7.3.1", ForClients = "1.3.6.1.5.5.7.3.2";

    private readonly Dictionary<string, X509Certificate2> _authorities = [];

    /// <summary>Writes NAME.pem.</summary>
    public void Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _authorities[name] = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        folder.Write($"{name}.pem", _authorities[name].ExportCertificatePem());
    }

    /// <summary>Writes NAME.pem and NAME.key: for 127.0.0.1, in RSA.</summary>
    public X509Certificate2 Server(string authority, string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return Sign(authority, name, request, key.ExportPkcs8PrivateKeyPem(), ForServers, names => names.AddIpAddress(IPAddress.Loopback));
    }

    /// <summary>Writes NAME.pem and NAME.key, in ECDSA.</summary>
    public X509Certificate2 Client(string authority, string name, Action<SubjectAlternativeNameBuilder> addNames, string purpose = ForClients)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Sign(authority, name, new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256), key.ExportPkcs8PrivateKeyPem(), purpose, addNames);
    }

    /// <summary>A client's that is good for servers only.</summary>
    public X509Certificate2 WrongPurpose(string authority, string name) => Client(authority, name, names => names.AddDnsName(name), ForServers);

    private X509Certificate2 Sign(string authority, string name, CertificateRequest request, string key, string purpose, Action<SubjectAlternativeNameBuilder> addNames)
    {
        var names = new SubjectAlternativeNameBuilder();
        addNames(names);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        X509SignatureGenerator signer = X509SignatureGenerator.CreateForECDsa(_authorities[authority].GetECDsaPrivateKey()!);
        X509Certificate2 certificate = request.Create(
            _authorities[authority].SubjectName, signer, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(12), RandomNumberGenerator.GetBytes(8));
        folder.Write($"{name}.pem", certificate.ExportCertificatePem());
        folder.Write($"{name}.key", key);
        return certificate;
    }
}
