using System.Globalization;
using System.Text;

namespace SpanMetrics.Otlp;

/// <summary>Takes the escapes out of a JSON string. Unlike the framework's own it makes U+FFFD of a lone surrogate instead of throwing.</summary>
internal static class JsonText
{
    private const int HexDigits = 4;

    /// <summary>The inside of a string that a JSON reader has accepted: every escape in it is well-formed.</summary>
    public static byte[] Unescape(ReadOnlySpan<byte> escaped)
    {
        byte[] text = new byte[escaped.Length];   // an escape is never shorter than its UTF-8: \u0000 is six bytes for at most three
        int written = 0;
        while (!escaped.IsEmpty)
        {
            int plain = escaped.IndexOf((byte)'\\');
            if (plain < 0)
            {
                plain = escaped.Length;
            }
            escaped[..plain].CopyTo(text.AsSpan(written));
            written += plain;
            escaped = escaped[plain..];
            if (!escaped.IsEmpty)
            {
                written += TakeEscape(ref escaped).EncodeToUtf8(text.AsSpan(written));
            }
        }
        return text.AsSpan(0, written).ToArray();
    }

    private static Rune TakeEscape(ref ReadOnlySpan<byte> rest)
    {
        byte kind = rest[1];
        if (kind == (byte)'u')
        {
            return TakeCodePoint(ref rest);
        }
        rest = rest[2..];
        return kind switch
        {
            (byte)'b' => new Rune('\b'),
            (byte)'f' => new Rune('\f'),
            (byte)'n' => new Rune('\n'),
            (byte)'r' => new Rune('\r'),
            (byte)'t' => new Rune('\t'),
            _ => new Rune(kind),   // quote, backslash, slash
        };
    }

    private static Rune TakeCodePoint(ref ReadOnlySpan<byte> rest)
    {
        char first = TakeUnit(ref rest);
        if (Rune.TryCreate(first, out Rune alone))
        {
            return alone;
        }
        ReadOnlySpan<byte> after = rest;
        if (char.IsHighSurrogate(first) && after.StartsWith("\\u"u8) && Rune.TryCreate(first, TakeUnit(ref after), out Rune pair))
        {
            rest = after;
            return pair;
        }
        return Rune.ReplacementChar;
    }

    private static char TakeUnit(ref ReadOnlySpan<byte> rest)
    {
        ushort unit = ushort.Parse(rest.Slice(2, HexDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        rest = rest[(2 + HexDigits)..];
        return (char)unit;
    }
}
