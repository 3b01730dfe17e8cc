using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace SpanMetrics.Exposition;

/// <summary>The names that a certificate is for.</summary>
internal static class SubjectNames
{
    // GeneralName ::= CHOICE { …, rfc822Name [1] IA5String, dNSName [2] IA5String, …, uniformResourceIdentifier [6] IA5String, iPAddress [7] OCTET STRING, … }
    private const int Mail = 1, Dns = 2, Uri = 6, Ip = 7;

    private static readonly Asn1Tag IpTag = new(TagClass.ContextSpecific, Ip);

    public static List<string> Of(X509Certificate2 certificate)
    {
        var names = new List<string>();
        if (certificate.Extensions["2.5.29.17"] is not X509Extension extension)
        {
            return names;
        }

        try
        {
            AsnReader reader = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (reader.HasData)
            {
                Asn1Tag tag = reader.PeekTag();
                switch (tag.TagValue)
                {
                    case Mail or Dns or Uri:
                        names.Add(reader.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                        break;
                    case Ip:
                        names.Add(new IPAddress(reader.ReadOctetString(IpTag)).ToString());
                        break;
                    default:
                        reader.ReadEncodedValue();
                        break;
                }
            }

            return names;
        }
        catch (Exception exception) when (exception is AsnContentException or ArgumentException)
        {
            return []; // whoever signed it broke it: then it names nobody
        }
    }
}
