using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SpanMetrics.Oracle;

/// <summary>How texts of spans compare: one char a byte, without regard to ASCII case.</summary>
internal static class PlainText
{
    private static readonly string[] MissingTexts = ["", "<not specified>", "<elided>", "Unknown"];

    /// <summary>True where it is one of the patterns; a star stands for any bytes.</summary>
    public static bool Is(this string text, params ReadOnlySpan<string> patterns)
    {
        foreach (string pattern in patterns)
        {
            if (Fits(Lower(text), Lower(Latin(pattern))))
            {
                return true;
            }
        }

        return false;
    }

    public static bool Same(string one, string other) => Lower(one) == Lower(other);

    /// <summary>A value, or "" where there is none.</summary>
    public static string Text(this PlainItem item, string key) => item.Attributes[key].Text;

    /// <summary>There and not empty.</summary>
    public static bool Has(this PlainItem item, string key) => item.Text(key).Length > 0;

    public static bool Is(this PlainItem item, string key, params ReadOnlySpan<string> patterns) => item.Has(key) && item.Text(key).Is(patterns);

    /// <summary>The first of some attributes that says something; "" where none does.</summary>
    public static string First(this PlainItem item, params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (IsThere(item.Text(key)))
            {
                return item.Text(key);
            }
        }

        return "";
    }

    public static bool IsThere(string text) => !MissingTexts.Contains(text);

    public static string OrElse(this string text, string other) => text.Length > 0 ? text : other;

    /// <summary>What the group of a regular expression takes of a text, without blanks and quotes around it; "" where it does not fit.</summary>
    public static string Part(this string text, string expression)
    {
        Match match = Regex.Match(text, Latin(expression), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline);
        string part = PlainValue.Of(Encoding.Latin1.GetBytes(match.Groups[1].Value)).Text;
        return IsThere(part) ? part : "";
    }

    public static int? Number(string text) => int.TryParse(text, out int number) ? number : null;

    /// <summary>The members of a JSON object, the last of a name that is repeated; null for every other text.</summary>
    public static Dictionary<string, JsonElement>? ObjectOf(string text)
    {
        try
        {
            JsonElement root = JsonElement.Parse(Encoding.Latin1.GetBytes(text));
            return root.ValueKind != JsonValueKind.Object
                ? null
                : root.EnumerateObject().GroupBy(member => member.Name).ToDictionary(members => members.Key, members => members.Last().Value);
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair in a name
        }
    }

    /// <summary>A member's text; "" where it is missing, or neither text nor number.</summary>
    public static string MemberOf(Dictionary<string, JsonElement>? members, string name)
    {
        if (members is null || !members.TryGetValue(name, out JsonElement value))
        {
            return "";
        }

        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => Latin(value.GetString()!),
                JsonValueKind.Number => value.GetRawText(),
                _ => "",
            };
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    private static string Latin(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    public static string Lower(string text) => string.Concat(text.Select(letter => letter is >= 'A' and <= 'Z' ? (char)(letter | 0x20) : letter));

    private static bool Fits(string text, string pattern)
    {
        int star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
        {
            return text == pattern;
        }

        string rest = pattern[(star + 1)..];
        return text.StartsWith(pattern[..star], StringComparison.Ordinal) && (rest.Contains('*')
            ? Enumerable.Range(star, text.Length - star + 1).Any(from => Fits(text[from..], rest))
            : text[star..].EndsWith(rest, StringComparison.Ordinal));
    }
}
