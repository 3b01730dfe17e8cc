using System.Buffers;
using System.Globalization;
using System.Text;

namespace SpanMetrics.Semantics;

/// <summary>
/// Makes a label value out of whatever a span carries: letters, marks and digits of any script and a few signs, in one
/// spelling, at most <see cref="MaxBytes"/> bytes of UTF-8, never one of our own marks. Everything else becomes an
/// underscore: values end up in terminals, HTML, chat messages and alert templates. What looks like a secret is not shown at all.
/// </summary>
internal static class LabelValue
{
    /// <summary>Cut at a character's boundary. Two longer values with the same start count as one.</summary>
    public const int MaxBytes = 128;

    /// <summary>Of what a span carries no more is looked at.</summary>
    public const int MaxRawBytes = 1024;

    /// <summary>Stands for every value beyond a limit.</summary>
    public static ReadOnlySpan<byte> Overflow => "__overflow__"u8;

    /// <summary>Stands for every value that <see cref="SecretGuess"/> holds back.</summary>
    public static ReadOnlySpan<byte> Redacted => "redacted"u8;

    // What paths, models, versions and span names are made of: "GET /v1/models", "execute_tool (merged)", "a:b@1.0-rc".
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        " ()-./0123456789:@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>True when <paramref name="raw"/> is fit as it is, which nearly all are.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> raw) =>
        raw.Length <= MaxBytes && raw.IndexOfAnyExcept(Plain) < 0 && !raw.SequenceEqual(Overflow) && !SecretGuess.IsSecret(raw);

    /// <summary>Writes the label value of <paramref name="raw"/>, of which no more than <see cref="MaxRawBytes"/> are read; its length.</summary>
    /// <param name="raw">As the span carries it.</param>
    /// <param name="text">Room for <see cref="MaxBytes"/>.</param>
    public static int Normalise(ReadOnlySpan<byte> raw, Span<byte> text)
    {
        // Letter and mark make one character before anything is cut, so that both spellings are cut at the same place.
        Span<Rune> runes = stackalloc Rune[MaxBytes + 1];
        int count = 0;
        raw = raw[..Math.Min(raw.Length, MaxRawBytes)];
        if (SecretGuess.IsSecret(raw))
        {
            return Redact(text);
        }

        while (!raw.IsEmpty && count < runes.Length)
        {
            Rune.DecodeFromUtf8(raw, out Rune rune, out int consumed); // U+FFFD for what is not UTF-8
            raw = raw[consumed..];
            if (IsInvisible(rune))
            {
                continue;
            }

            if (count > 0 && Composition.TryCompose(runes[count - 1], rune, out Rune composed))
            {
                runes[count - 1] = composed;
            }
            else
            {
                runes[count++] = IsAllowed(rune) ? rune : new Rune('_');
            }
        }

        int length = 0;
        foreach (Rune rune in runes[..count])
        {
            if (length + rune.Utf8SequenceLength > MaxBytes)
            {
                break;
            }

            length += rune.EncodeToUtf8(text[length..]);
        }

        if (length == 0)
        {
            text[length++] = (byte)'_'; // an empty label is a missing one, and somebody did send a name
        }
        else if (text[..length].SequenceEqual(Overflow))
        {
            length -= 2;
            text.Slice(1, length).CopyTo(text);
        }

        // Again: characters that are left out may have been what hid it.
        return SecretGuess.IsSecret(text[..length]) ? Redact(text) : length;
    }

    /// <summary>The same in memory of its own.</summary>
    public static byte[] Of(ReadOnlySpan<byte> raw)
    {
        Span<byte> text = stackalloc byte[MaxBytes];
        return text[..Normalise(raw, text)].ToArray();
    }

    private static int Redact(Span<byte> text)
    {
        Redacted.CopyTo(text);
        return Redacted.Length;
    }

    private static bool IsAllowed(Rune rune) =>
        rune.IsAscii ? Plain.Contains((byte)rune.Value)
        : rune == Rune.ReplacementChar || Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    // Zero-width and directional characters make a name that looks like another. Those that count as letters or marks
    // are named: grapheme joiner, Hangul fillers, Khmer inherent vowels, variation selectors.
    private static bool IsInvisible(Rune rune) =>
        !rune.IsAscii
        && (Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format
            || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x3164
                or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0 or (>= 0xE0100 and <= 0xE01EF));
}
