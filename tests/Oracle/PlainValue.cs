using System.Globalization;
using System.Text;

namespace SpanMetrics.Oracle;

/// <summary>An attribute's value, as text and as a yes or no. Text is one char a byte, so that bytes that are no UTF-8 compare too.</summary>
internal readonly record struct PlainValue(PlainKind Kind, string Text, bool? Flag)
{
    private static readonly char[] Blanks = [' ', '\t', '\r', '\n'];

    public static readonly PlainValue Missing = new(PlainKind.Missing, "", null);

    // Never looked into: a label says what was there.
    public static readonly PlainValue Array = new(PlainKind.Array, "_array_", null);
    public static readonly PlainValue Map = new(PlainKind.Map, "_map_", null);
    public static readonly PlainValue Bytes = new(PlainKind.Bytes, "_bytes_", null);

    /// <summary>Emitters put blanks and one layer of quotes around text.</summary>
    public static PlainValue Of(ReadOnlySpan<byte> bytes)
    {
        // Blanks are looked for in the first 1,024 bytes.
        bool isBare = bytes.IsEmpty || (bytes[0] > '\'' && bytes[^1] > '\'');
        string text = Encoding.Latin1.GetString(isBare ? bytes : bytes[..Math.Min(bytes.Length, 1024)]).Trim(Blanks);
        if (text.Length >= 2 && text[0] == text[^1] && (text[0] == '"' || text[0] == '\''))
        {
            text = text[1..^1].Trim(Blanks);
        }

        bool? flag = text.ToLowerInvariant() switch { "true" or "1" => true, "false" or "0" => false, _ => null };
        return new(PlainKind.String, text, flag);
    }

    public static PlainValue Of(bool value) => new(PlainKind.Bool, value ? "true" : "false", value);

    public static PlainValue Of(long value) =>
        new(PlainKind.Int, value.ToString(CultureInfo.InvariantCulture), value switch { 0 => false, 1 => true, _ => null });

    public static PlainValue Of(double value) => new(PlainKind.Double, value.ToString(CultureInfo.InvariantCulture), null);
}
