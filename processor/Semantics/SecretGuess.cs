using System.Buffers;
using System.Numerics;
using System.Text;

namespace SpanMetrics.Semantics;

/// <summary>
/// Whether a value looks like something that must not be shown: a key as its maker marks it, a password, an e-mail address, a
/// long run of random characters. A guess: a secret that looks like a name is not seen. Linear in the length, allocates nothing.
/// </summary>
internal static class SecretGuess
{
    // Keys are at most so long where it matters, and no key is looked at further: marks may stand at every third byte.
    private const int KeyBytes = 64;

    // 32 hexadecimal digits are a key of 128 bits, or a trace id: no label either.
    private const int LeastSolid = 32;
    private const int LeastBase64 = 40;
    private const int LeastSegment = 16;

    // A mark, and how many characters of key follow at least. OneWord: letters and digits only, since the mark alone starts names as well.
    private static readonly (byte[] Mark, int Least, bool OneWord)[] Marks =
    [
        // models
        Key("sk-ant-", 8), Key("sk-proj-", 8), Key("sk-", 16), Key("AIza", 30), Key("hf_", 30, oneWord: true), Key("gsk_", 30, oneWord: true),
        Key("xai-", 40, oneWord: true), Key("r8_", 30, oneWord: true), Key("pplx-", 30, oneWord: true), Key("nvapi-", 30), Key("lsv2_pt_", 16),
        Key("lsv2_sk_", 16), Key("tvly-", 24),

        // code and packages
        Key("ghp_", 20), Key("gho_", 20), Key("ghu_", 20), Key("ghs_", 20), Key("ghr_", 20), Key("github_pat_", 20), Key("glpat-", 16),
        Key("npm_", 30, oneWord: true), Key("pypi-AgE", 16), Key("dckr_pat_", 16),

        // clouds and services
        Key("AKIA", 16, oneWord: true), Key("ASIA", 16, oneWord: true), Key("ya29.", 16), Key("GOCSPX-", 16), Key("dapi", 32, oneWord: true),
        Key("dop_v1_", 32), Key("hvs.", 20), Key("glsa_", 20), Key("SG.", 16), Key("shpat_", 20), Key("whsec_", 16), Key("sk_live_", 16),
        Key("sk_test_", 16), Key("rk_live_", 16), Key("rk_test_", 16), Key("xoxa-", 10), Key("xoxb-", 10), Key("xoxe-", 10), Key("xoxp-", 10),
        Key("xoxr-", 10), Key("xoxs-", 10), Key("xapp-", 10),

        // headers; eyJ is how a JSON object begins in base64, so every JWT does
        Key("eyJ", 16), Key("Bearer ", 12), Key("bearer ", 12), Key("Basic ", 12), Key("basic ", 12),
    ];

    private static readonly SearchValues<byte> MarkStarts = SearchValues.Create(Array.ConvertAll(Marks, mark => mark.Mark[0]));

    // Before = or a colon, at the end of a word.
    private static readonly byte[][] SecretNames = Array.ConvertAll(
    [
        "password", "passwd", "pwd", "secret", "token", "apikey", "api_key", "api-key", "access_key", "accesskey", "accountkey",
        "private_key", "signature", "?sig", "&sig", "credential", "authorization", "cookie",
    ], Encoding.UTF8.GetBytes);

    // What comes before a hash that names an image or a file.
    private static readonly byte[][] DigestNames = Array.ConvertAll(["sha256:", "sha512:", "sha1:"], Encoding.UTF8.GetBytes);

    private static readonly SearchValues<byte> Base64 = SearchValues.Create("+-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> Signs = SearchValues.Create("+-/_"u8);

    private static readonly SearchValues<byte> EndsOfAuthority = SearchValues.Create("/?# \"'"u8);

    private static readonly SearchValues<byte> EndsOfValue = SearchValues.Create(" \"'&,;"u8);

    public static bool IsSecret(ReadOnlySpan<byte> raw) =>
        HasKey(raw) || HasPassword(raw) || HasMailAddress(raw) || HasRandomRun(raw) || raw.IndexOf("-----BEGIN "u8) >= 0;

    private static (byte[] Mark, int Least, bool OneWord) Key(string mark, int least, bool oneWord = false) => (Encoding.UTF8.GetBytes(mark), least, oneWord);

    private static bool HasKey(ReadOnlySpan<byte> raw)
    {
        for (int i = 0; i < raw.Length; i++)
        {
            if ((i > 0 && IsLetterOrDigit(raw[i - 1])) || !MarkStarts.Contains(raw[i]))
            {
                continue;
            }

            foreach ((byte[] mark, int least, bool oneWord) in Marks)
            {
                if (mark[0] == raw[i] && raw[i..].StartsWith(mark) && IsKey(raw[(i + mark.Length)..], least, oneWord))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // Names are words; a key has a digit or a capital letter somewhere.
    private static bool IsKey(ReadOnlySpan<byte> text, int least, bool oneWord)
    {
        text = text[..Math.Min(text.Length, KeyBytes)];
        int length = 0;
        bool isMixed = false;
        while (length < text.Length && (IsLetterOrDigit(text[length]) || (!oneWord && text[length] is (byte)'-' or (byte)'_')))
        {
            isMixed |= char.IsAsciiDigit((char)text[length]) || (length > 0 && char.IsAsciiLetterUpper((char)text[length]));
            length++;
        }

        return length >= least && isMixed;
    }

    // scheme://user:password@host, password=..., "api_key": "..."
    private static bool HasPassword(ReadOnlySpan<byte> raw)
    {
        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] is not ((byte)':' or (byte)'='))
            {
                continue;
            }

            ReadOnlySpan<byte> after = raw[(i + 1)..];
            if (raw[i] == ':' && after.StartsWith("//"u8) ? HasUserInfo(after[2..]) : IsNamedSecret(raw[..i], after, isColon: raw[i] == ':'))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasUserInfo(ReadOnlySpan<byte> address)
    {
        int end = address.IndexOfAny(EndsOfAuthority);
        ReadOnlySpan<byte> authority = end < 0 ? address : address[..end];
        int at = authority.LastIndexOf((byte)'@');
        int colon = at < 0 ? -1 : authority[..at].IndexOf((byte)':');
        return colon >= 0 && IsGiven(authority[(colon + 1)..at], least: 1);
    }

    private static bool IsNamedSecret(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, bool isColon)
    {
        // Names are full of colons: only one that is followed by a blank or a quote tells of what is before it, and then of something with a digit.
        if (isColon && (after.IsEmpty || after[0] is not ((byte)' ' or (byte)'"' or (byte)'\'')))
        {
            return false;
        }

        ReadOnlySpan<byte> name = before.TrimEnd(" \"'\\"u8);
        foreach (byte[] secret in SecretNames)
        {
            if (name.Length >= secret.Length && Ascii.EqualsIgnoreCase(name[^secret.Length..], secret))
            {
                after = after.TrimStart(" \"'\\"u8);
                after = after[..Math.Min(after.Length, KeyBytes)];
                int end = after.IndexOfAny(EndsOfValue);
                after = end < 0 ? after : after[..end];
                return IsGiven(after, least: 4) && (!isColon || after.IndexOfAnyInRange((byte)'0', (byte)'9') >= 0);
            }
        }

        return false;
    }

    // "{token}", "<password>", "***", "%s" and ":token" stand for a value in a template or in what somebody has masked already.
    private static bool IsGiven(ReadOnlySpan<byte> value, int least) => value.Length >= least && "{<*$[(%:"u8.IndexOf(value[0]) < 0;

    // name@host.tld. Not model@20241022, package@1.2.0 or image@sha256:...: a top level domain is letters.
    private static bool HasMailAddress(ReadOnlySpan<byte> raw)
    {
        for (int i = 1; i < raw.Length - 3; i++)
        {
            int sign = raw[i] == '@' ? 1 : raw[i..].StartsWith("%40"u8) ? 3 : 0;
            if (sign == 0 || !(IsHostByte(raw[i - 1]) || raw[i - 1] is (byte)'_' or (byte)'+'))
            {
                continue;
            }

            ReadOnlySpan<byte> host = raw[(i + sign)..];
            int length = 0;
            while (length < host.Length && IsHostByte(host[length]))
            {
                length++;
            }

            host = host[..length].TrimEnd(".-"u8);
            int dot = host.LastIndexOf((byte)'.');
            if (dot > 0 && host.Length - dot > 2 && host[(dot + 1)..].IndexOfAnyInRange((byte)'-', (byte)'9') < 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasRandomRun(ReadOnlySpan<byte> raw)
    {
        for (int start = 0; start < raw.Length;)
        {
            int length = raw[start..].IndexOfAnyExcept(Base64);
            ReadOnlySpan<byte> run = raw.Slice(start, length < 0 ? raw.Length - start : length);
            if (run.Length >= LeastSolid && IsRandom(run) && !IsDigest(raw[..start]))
            {
                return true;
            }

            start += run.Length + 1;
        }

        return false;
    }

    private static bool IsDigest(ReadOnlySpan<byte> before)
    {
        foreach (byte[] name in DigestNames)
        {
            if (before.EndsWith(name))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsRandom(ReadOnlySpan<byte> run)
    {
        // Of base64, one character in 32 is a sign; of names, one in eight.
        if (run.Length >= LeastBase64 && IsMixed(run, out int signs) && signs * 12 <= run.Length)
        {
            return true;
        }

        foreach (Range range in run.SplitAny(Signs))
        {
            ReadOnlySpan<byte> segment = run[range];
            bool isSolid = segment.Length >= LeastSolid;
            if ((isSolid && IsHex(segment)) || ((isSolid || (segment.Length >= LeastSegment && run.Length >= LeastBase64)) && IsMixed(segment, out _)))
            {
                return true;
            }
        }

        return false;
    }

    // Both cases and digits, changing far more often than in words that are written together: there a capital letter begins each.
    private static bool IsMixed(ReadOnlySpan<byte> text, out int signs)
    {
        int changes = 0, kinds = 0, before = 0;
        signs = 0;
        foreach (byte next in text)
        {
            int kind = char.IsAsciiLetterLower((char)next) ? 1 : char.IsAsciiLetterUpper((char)next) ? 2 : char.IsAsciiDigit((char)next) ? 4 : 8;
            signs += kind == 8 ? 1 : 0;
            changes += before == 0 || kind == before || (before == 2 && kind == 1) ? 0 : 1;
            kinds |= kind;
            before = kind;
        }

        return (kinds & 7) == 7 && changes * 4 >= text.Length;
    }

    // Not a row of zeros, and not a number.
    private static bool IsHex(ReadOnlySpan<byte> text)
    {
        int seen = 0;
        foreach (byte next in text)
        {
            if (!char.IsAsciiHexDigit((char)next))
            {
                return false;
            }

            seen |= 1 << (next <= '9' ? next - '0' : (next | 0x20) - 'a' + 10);
        }

        return BitOperations.PopCount((uint)seen) >= 8 && (seen >> 10) != 0;
    }

    private static bool IsLetterOrDigit(byte next) => char.IsAsciiLetterOrDigit((char)next);

    private static bool IsHostByte(byte next) => IsLetterOrDigit(next) || next is (byte)'.' or (byte)'-' or >= 0x80;
}
