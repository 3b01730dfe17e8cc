using System.Buffers;
using System.Text;

namespace SpanMetrics.Aggregation;

/// <summary>
/// Makes a label value out of whatever a span carries: UTF-8, no control or bidirectional-override characters
/// (they forge log lines and alerts), at most <see cref="MaxBytes"/> bytes, never one of our own marks.
/// </summary>
internal static class LabelValue
{
    /// <summary>Cut at a character's boundary. Two longer values with the same start count as one.</summary>
    public const int MaxBytes = 128;

    /// <summary>Stands for every value beyond a limit.</summary>
    public const string Overflow = "__overflow__";

    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    /// <summary>True when <paramref name="raw"/> is fit as it is, which nearly all are.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> raw) =>
        raw.Length <= MaxBytes && raw.IndexOfAnyExcept(Plain) < 0 && !raw.StartsWith("__"u8);

    public static byte[] Normalise(ReadOnlySpan<byte> raw)
    {
        var text = new StringBuilder(MaxBytes);
        int bytes = 0;
        while (!raw.IsEmpty)
        {
            Rune.DecodeFromUtf8(raw, out Rune rune, out int consumed); // U+FFFD for what is not UTF-8
            raw = raw[consumed..];
            if (IsInvisible(rune))
            {
                continue;
            }

            rune = Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 ? new Rune('_') : rune;
            bytes += rune.Utf8SequenceLength;
            if (bytes > MaxBytes)
            {
                break;
            }

            text.Append(rune.ToString());
        }

        if (text.Length == 0)
        {
            return [(byte)'_']; // an empty label is a missing one, and somebody did send a name
        }

        if (text.Length == Overflow.Length && text.Equals(Overflow))
        {
            text.Remove(0, 1).Length--;
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    // Zero-width and directional characters: a name that looks like another.
    private static bool IsInvisible(Rune rune) =>
        rune.Value is 0x061C or (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x2069) or 0xFEFF;
}
