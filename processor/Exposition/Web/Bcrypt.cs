using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace SpanMetrics.Exposition;

/// <summary>Passwords against bcrypt hashes, by the system's libcrypt (libxcrypt, which Debian and Ubuntu check their own logins with).</summary>
internal static partial class Bcrypt
{
    private const string Library = "libcrypt.so.1";
    private const int DataBytes = 32768; // struct crypt_data; what crypt_rn says comes first in it
    private const int HashCharacters = 31; // the last ones, after version, cost and salt

    /// <summary>Null where there is the library.</summary>
    public static string? WhyMissing { get; } =
        NativeLibrary.TryLoad(Library, out nint library) && NativeLibrary.TryGetExport(library, "crypt_rn", out _)
            ? null
            : $"checking passwords takes {Library} of libxcrypt, which is not here: install it (Debian package libcrypt1)";

    public static bool IsHash(string text) => Hash().IsMatch(text);

    /// <summary>Tens of milliseconds at the usual cost of 10, and twice as many for each further one.</summary>
    /// <param name="password">In UTF-8, without a zero byte. Beyond 72 bytes it is not looked at.</param>
    /// <param name="hash">One that <see cref="IsHash"/>.</param>
    public static bool Matches(ReadOnlySpan<byte> password, string hash)
    {
        byte[] data = new byte[DataBytes];
        bool isDone = CryptRn([.. password, 0], [.. Encoding.ASCII.GetBytes(hash), 0], data, data.Length) != 0;
        bool matches = isDone && CryptographicOperations.FixedTimeEquals(
            data.AsSpan(hash.Length - HashCharacters, HashCharacters), Encoding.ASCII.GetBytes(hash, hash.Length - HashCharacters, HashCharacters));
        CryptographicOperations.ZeroMemory(data);
        return matches;
    }

    [DllImport(Library, EntryPoint = "crypt_rn")]
    private static extern nint CryptRn(byte[] phrase, byte[] setting, byte[] data, int size);

    [GeneratedRegex(@"^\$2[aby]\$(0[4-9]|[12][0-9]|3[01])\$[./A-Za-z0-9]{53}\z")]
    private static partial Regex Hash();
}
