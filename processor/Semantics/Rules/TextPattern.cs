using System.Text;

namespace SpanMetrics.Semantics;

/// <summary>
/// A text with <c>*</c> for any bytes, none too, compared without regard to the case of ASCII letters. One star may stand in
/// parentheses: what it stands for can be taken out, and must not be empty then.
/// </summary>
internal sealed class TextPattern
{
    private const string Taken = "(*)";

    private readonly string _text;
    private readonly byte[][] _pieces; // between the stars
    private readonly int _taken = -1; // the piece before the star that is taken

    public TextPattern(string pattern)
    {
        _text = pattern.Replace(Taken, "*", StringComparison.Ordinal);
        string[] halves = pattern.Split(Taken);
        string[] before = halves[0].Split('*');
        string[] pieces = halves.Length == 1 ? before : [.. before, .. halves[1].Split('*')];
        _taken = halves.Length == 1 ? -1 : before.Length - 1;
        _pieces = Array.ConvertAll(pieces, piece => Encoding.UTF8.GetBytes(piece));
    }

    /// <summary>How often the pattern says what is to be taken: once at most makes sense.</summary>
    public static int Takes(string pattern) => pattern.Split(Taken).Length - 1;

    public bool Matches(ReadOnlySpan<byte> text) => TryTake(text, out _);

    /// <summary>False where the pattern does not fit. The part is empty for a pattern that takes none.</summary>
    public bool TryTake(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> part)
    {
        part = default;
        if (_pieces.Length == 1)
        {
            return Same(text, _pieces[0]);
        }

        byte[] first = _pieces[0], last = _pieces[^1];
        if (text.Length < first.Length + last.Length || !Same(text[..first.Length], first) || !Same(text[^last.Length..], last))
        {
            return false;
        }

        int end = text.Length - last.Length;
        int at = first.Length;
        for (int i = 1; i < _pieces.Length; i++)
        {
            int start = at;
            int found = i == _pieces.Length - 1 ? end - at : IndexOf(text[at..end], _pieces[i]);
            if (found < 0)
            {
                return false;
            }

            at += found + _pieces[i].Length;
            if (i - 1 == _taken)
            {
                part = text.Slice(start, found);
            }
        }

        return _taken < 0 || !part.IsEmpty;
    }

    /// <summary>The pattern without parentheses.</summary>
    public override string ToString() => _text;

    /// <summary>Equal but for the case of ASCII letters; other bytes may be anything.</summary>
    public static bool Same(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        if (one.Length != other.Length)
        {
            return false;
        }

        for (int i = 0; i < one.Length; i++)
        {
            int fold = one[i] ^ other[i];
            if (fold != 0 && (fold != 0x20 || !char.IsAsciiLetter((char)one[i])))
            {
                return false;
            }
        }

        return true;
    }

    private static int IndexOf(ReadOnlySpan<byte> text, byte[] piece)
    {
        for (int i = 0; i <= text.Length - piece.Length; i++)
        {
            if (Same(text.Slice(i, piece.Length), piece))
            {
                return i;
            }
        }

        return -1;
    }
}
