using System.Net;

namespace SpanMetrics.Exposition;

/// <summary>An entry of <c>http.scrapers</c>: who this scraper is. All that is said must hold.</summary>
internal sealed class ScraperOptions
{
    /// <summary>An address, or a range as in 10.0.0.0/8.</summary>
    public string? Address { get; init; }

    /// <summary>The name that it logs in with.</summary>
    public string? User { get; init; }

    /// <summary>Null when it is none.</summary>
    public static IPNetwork? ParseAddress(string address) =>
        IPNetwork.TryParse(address, out IPNetwork range) ? range
            : IPAddress.TryParse(address, out IPAddress? one) ? new IPNetwork(one, one.GetAddressBytes().Length * 8)
            : null;

    public bool Is(IPAddress? address, string? user) =>
        (User is null || User == user) && (Address is null || (address is not null && ParseAddress(Address)!.Value.Contains(address)));
}
