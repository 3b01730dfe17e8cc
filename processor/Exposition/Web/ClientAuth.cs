namespace SpanMetrics.Exposition;

/// <summary>What is asked of a client's certificate, in the words of Go's crypto/tls, which the file format took over.</summary>
internal enum ClientAuth
{
    NoClientCert,
    RequestClientCert,
    RequireAnyClientCert,
    VerifyClientCertIfGiven,
    RequireAndVerifyClientCert,
}
