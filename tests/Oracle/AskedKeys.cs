using System.Text;
using Google.Protobuf;
using SpanMetrics.Semantics;

namespace SpanMetrics.Oracle;

/// <summary>The attributes that the product asks for, in the order of its slots.</summary>
internal static class AskedKeys
{
    private static readonly Dictionary<ByteString, int> Indexes = [];

    static AskedKeys()
    {
        for (int slot = 0; slot < All.Length; slot++)
        {
            Indexes.Add(ByteString.CopyFrom(All[slot], Encoding.UTF8), slot);
        }
    }

    public static string[] All { get; } = [.. Enumerable.Range(0, Keys.Selector.Count).Select(Keys.Selector.NameOf)];

    public static int? IndexOf(ByteString key) => Indexes.TryGetValue(key, out int index) ? index : null;
}
