using System.Globalization;

namespace SpanMetrics.Perf;

/// <summary>Numbers as they are printed on every machine.</summary>
internal static class Text
{
    public static string Of(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
