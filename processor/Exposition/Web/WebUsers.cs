using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace SpanMetrics.Exposition;

/// <summary>Who has which password. A password that was right once is known again without the work, by a keyed hash: one for each user.</summary>
internal sealed class WebUsers
{
    // A flood of wrong passwords takes one core, not all.
    private static readonly SemaphoreSlim Turn = new(1);

    private readonly IReadOnlyDictionary<string, string> _hashes;
    private readonly string _decoy = "";
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, byte[]> _known = new();

    /// <param name="hashes">Of bcrypt, by name; at least one.</param>
    public WebUsers(IReadOnlyDictionary<string, string> hashes)
    {
        _hashes = hashes;
        foreach (string hash in hashes.Values)
        {
            if (_decoy.Length == 0 || string.CompareOrdinal(hash, "$2y$".Length, _decoy, "$2y$".Length, 2) > 0)
            {
                _decoy = hash; // the one that costs most: a name that nobody has takes as long as one that somebody has
            }
        }
    }

    /// <summary>The user that a header <c>Authorization</c> is of; null when it is of none.</summary>
    public async ValueTask<string?> NameOfAsync(string? authorization, CancellationToken cancellation)
    {
        if (!TryRead(authorization, out string user, out byte[] password))
        {
            return null;
        }

        byte[] tag = HMACSHA256.HashData(_key, password);
        if (_known.TryGetValue(user, out byte[]? known) && CryptographicOperations.FixedTimeEquals(tag, known))
        {
            return user;
        }

        bool isUser = _hashes.TryGetValue(user, out string? hash);
        await Turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!Bcrypt.Matches(password, hash ?? _decoy) || !isUser)
            {
                return null;
            }
        }
        finally
        {
            Turn.Release();
        }

        _known[user] = tag;
        return user;
    }

    private static bool TryRead(string? authorization, out string user, out byte[] password)
    {
        (user, password) = ("", []);
        if (!AuthenticationHeaderValue.TryParse(authorization, out AuthenticationHeaderValue? header) || !header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        byte[] pair = new byte[header.Parameter?.Length ?? 0];
        if (!Convert.TryFromBase64String(header.Parameter ?? "", pair, out int length))
        {
            return false;
        }

        int colon = pair.AsSpan(0, length).IndexOf((byte)':');
        if (colon < 0 || pair.AsSpan(colon, length - colon).Contains((byte)0)) // to a C function a zero is the end
        {
            return false;
        }

        (user, password) = (Encoding.UTF8.GetString(pair, 0, colon), pair[(colon + 1)..length]);
        return true;
    }
}
