using System.Globalization;
using System.Text.RegularExpressions;

namespace SpanMetrics.Tests.Support;

/// <summary>Rules and routes with every duration a part of what it is, for a test that cannot wait.</summary>
internal static partial class Hurried
{
    public static string Durations(string text, int hurry) => hurry == 1 ? text : Duration().Replace(text, match =>
    {
        double seconds = double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) * match.Groups["unit"].Value switch
        {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            _ => 86_400,
        };
        return string.Create(CultureInfo.InvariantCulture, $"{seconds * 1_000 / hurry:0}ms");
    });

    // After a bracket, a colon or `offset`; a name such as increase5m, a label such as `window: 1h` and a template are left as they are.
    [GeneratedRegex("""(?<=\[|\boffset |(?:for|wait|interval): |\[\d+[mhd]:)(?<number>\d+)(?<unit>[smhd])(?=[\s,:\])}])""")]
    private static partial Regex Duration();
}
