using System.Globalization;
using SpanMetrics.Aggregation;

namespace SpanMetrics.Exposition;

/// <summary>How OpenMetrics writes an exemplar behind a value: <c> # {trace_id="…",span_id="…"} value unix_seconds</c>.</summary>
internal static class ExemplarText
{
    /// <summary>Labels are 63 characters of it, of the 128 that OpenMetrics allows.</summary>
    public const int MostBytes = 140;

    /// <summary>Takes the first one, where it stands with this bucket.</summary>
    public static ReadOnlySpan<Exemplar> Next(ref ReadOnlySpan<Exemplar> exemplars, int bucket)
    {
        int count = exemplars.Length > 0 && exemplars[0].Bucket == bucket ? 1 : 0;
        ReadOnlySpan<Exemplar> next = exemplars[..count];
        exemplars = exemplars[count..];
        return next;
    }

    /// <summary>One or none. The bytes written.</summary>
    public static int Append(Span<byte> line, ReadOnlySpan<Exemplar> exemplar)
    {
        if (exemplar.IsEmpty)
        {
            return 0;
        }

        ref readonly Exemplar one = ref exemplar[0];
        int length = Append(line, 0, " # {trace_id=\""u8);
        length = AppendNumber(line, length, one.Link.Trace, "x32");
        if (one.Link.Span != 0)
        {
            length = Append(line, length, "\",span_id=\""u8);
            length = AppendNumber(line, length, one.Link.Span, "x16");
        }

        length = Append(line, length, "\"} "u8);
        length = AppendNumber(line, length, one.Value, "");
        length = Append(line, length, " "u8);
        return AppendNumber(line, length, one.EndUnixMillis / 1e3, "");
    }

    private static int Append(Span<byte> line, int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(line[at..]);
        return at + text.Length;
    }

    private static int AppendNumber<T>(Span<byte> line, int at, T number, ReadOnlySpan<char> format)
        where T : IUtf8SpanFormattable
    {
        number.TryFormat(line[at..], out int written, format, CultureInfo.InvariantCulture);
        return at + written;
    }
}
