using System.Text;
using System.Text.Json;

namespace SpanMetrics.Semantics;

/// <summary>
/// What a JSON object must have at its top level. The object is content: it is read once, member by member, and nothing of it is kept.
/// </summary>
/// <param name="Members">By name.</param>
/// <param name="Whole">Whether the object must have no others.</param>
internal sealed record JsonTest(IReadOnlyDictionary<string, ValueTest> Members, bool Whole)
{
    /// <summary>Bytes that are looked at. An answer that must have no other members is short; beyond it nothing fits.</summary>
    public const int MostBytes = 32 * 1024;

    // Of a text in the object that is compared, once it is without escapes.
    private const int MostText = 1024;

    private readonly byte[][] _names = Array.ConvertAll([.. Members.Keys], name => Encoding.UTF8.GetBytes($"\"{name}\""));

    public bool Matches(ReadOnlySpan<byte> json, ReadOnlySpan<byte> tool)
    {
        if (json.Length > MostBytes || json.IsEmpty || json[0] != '{')
        {
            return false;
        }

        // Most objects lack what is asked for, and are long: looking for the names first is many times as fast as reading them.
        foreach (byte[] name in _names)
        {
            if (json.IndexOf(name) < 0)
            {
                return false;
            }
        }

        var reader = new Utf8JsonReader(json);
        int found = 0;
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ValueTest? test = null;
                foreach ((string name, ValueTest member) in Members)
                {
                    test = reader.ValueTextEquals(name) ? member : test;
                }

                reader.Read();
                if (test is not null ? !Matches(ref reader, test, tool) : Whole)
                {
                    return false;
                }

                found += test is not null ? 1 : 0;
                reader.Skip();
            }

            return found == Members.Count && reader.TokenType == JsonTokenType.EndObject && !reader.Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException) // the latter for bytes that are no text, and half surrogates
        {
            return false;
        }
    }

    public override string ToString()
    {
        var members = new List<string>();
        foreach ((string name, ValueTest test) in Members)
        {
            members.Add($"{name}: {test}");
        }

        return $"{(Whole ? "json" : "json_with")} {{ {string.Join(", ", members)} }}";
    }

    private static bool Matches(ref Utf8JsonReader reader, ValueTest test, ReadOnlySpan<byte> tool)
    {
        if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= MostText)
        {
            Span<byte> text = stackalloc byte[MostText];
            return test.Matches(text[..reader.CopyString(text)], tool);
        }

        return test.Bool is bool wanted ? reader.TokenType == (wanted ? JsonTokenType.True : JsonTokenType.False)
            : test.Text == "*" && reader.TokenType != JsonTokenType.Null;
    }
}
