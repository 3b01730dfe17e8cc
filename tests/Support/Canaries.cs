using System.Text;
using System.Text.RegularExpressions;
using SpanMetrics.Oracle;
using SpanMetrics.Otlp;

namespace SpanMetrics.Tests.Support;

/// <summary>Texts that are found again wherever they come out: each holds <see cref="Mark"/>, and no two are alike.</summary>
internal sealed partial class Canaries(int seed)
{
    /// <summary>Hexadecimal, so that it fits into every shape; to be looked for in any case.</summary>
    public const string Mark = "ca9a27f00d";

    private const string Hex = "0123456789abcdef";
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private readonly Random _random = new(seed);

    public int Count { get; private set; }

    /// <summary>Looks like a name: if it becomes a label it can be read there.</summary>
    public string Plain()
    {
        Count++;
        return $"canary-{Mark}z{Count}{Text(Hex, 4)}";
    }

    /// <summary>Looks like a secret.</summary>
    public string Secret()
    {
        Count++;
        var tail = Mark + Text(Base62, 30);
        return (Count % 14) switch
        {
            0 => "sk-ant-api03-" + tail,
            1 => "sk-proj-" + tail,
            2 => "ghp_" + tail,
            3 => "xoxb-1234-" + tail,
            4 => "AKIA" + (Mark + Text(Hex, 6)).ToUpperInvariant(),
            5 => $"eyJhbGciOiJIUzI1NiJ9.{tail}.{tail}",
            6 => "Bearer " + tail,
            7 => "-----BEGIN PRIVATE KEY-----\n" + tail,
            8 => $"postgres://app:{tail}@db.internal/orders",
            9 => $"https://api.example/v1?api_key={tail}",
            10 => $"{tail}@mail.example",
            11 => Mark + Text(Hex, 22),
            12 => "AIza" + tail[..35],
            _ => "glpat-" + tail,
        };
    }

    /// <summary>Into every text of the record that is no source of a label, and where a text could be: as many spans and log records as before.</summary>
    public byte[] PlantContent(byte[] record, Signal signal, bool inFront)
    {
        List<WireNode> nodes = WireNode.Parse(record, WireShape.Of(signal));
        foreach ((var text, _) in RecordTexts.Of(nodes, signal, addMissing: true).Where(text => !text.IsName))
        {
            var canary = Count % 4 == 0 ? Secret() : Plain();
            var before = Encoding.UTF8.GetString(text.Bytes);
            text.Bytes = Encoding.UTF8.GetBytes(
                before.StartsWith('{') || before.StartsWith('[') ? JsonText().Replace(before, start => $"{start.Value}{Plain()} ")
                : before.Length == 0 ? canary
                : inFront ? $"{canary} {before}" : $"{before} {canary}");
        }
        return WireNode.Write(nodes);
    }

    /// <summary>Something that looks like a secret into each source of a label whose turn it is: whole, within a text, or behind one that is too long for a label.</summary>
    public byte[] PlantNames(byte[] record, Signal signal, int turn, int turns)
    {
        List<WireNode> nodes = WireNode.Parse(record, WireShape.Of(signal));
        List<WireNode> names = [.. RecordTexts.Of(nodes, signal, addMissing: false).Where(text => text.IsName).Select(text => text.Node)];
        for (var i = turn; i < names.Count; i += turns)
        {
            var secret = Secret();
            names[i].Bytes = Encoding.UTF8.GetBytes((i / turns % 3) switch { 0 => secret, 1 => $"call {secret} now", _ => new string('x', 110) + " " + secret });
        }
        return WireNode.Write(nodes);
    }

    public static bool IsIn(string output) => output.Contains(Mark, StringComparison.OrdinalIgnoreCase);

    // Every text in a JSON object but a name that is taken out of it.
    [GeneratedRegex($"(?<!\"{LabelSources.JsonMember}\"): ?\"")]
    private static partial Regex JsonText();

    private string Text(string alphabet, int length) => string.Create(length, (_random, alphabet), static (text, from) => from._random.GetItems(from.alphabet, text));
}
