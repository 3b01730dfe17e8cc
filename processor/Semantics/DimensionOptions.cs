using System.ComponentModel.DataAnnotations;
using System.Text;

namespace SpanMetrics.Semantics;

/// <summary>An entry of the section <c>dimensions</c>: an attribute of spans or of their resources as a label.</summary>
internal sealed class DimensionOptions
{
    /// <summary>The label, and what a view's <c>dimensions</c> call it. Without one it is the attribute's key with an underscore for all that a label's name cannot have.</summary>
    public string? Name { get; init; }

    /// <summary>The key. An attribute of the span goes before one of its resource.</summary>
    [Required]
    public string Attribute { get; init; } = "";

    /// <summary>The value where the attribute is missing or empty. Without one it is <c>none</c>, and in the profiles <c>collector</c> and <c>tempo</c> there is no label.</summary>
    public string? Default { get; init; }

    /// <summary>What a value becomes, by pattern with <c>*</c>, the first that fits; empty for one that counts as missing.</summary>
    public Dictionary<string, string> Values { get; init; } = [];

    /// <summary>Values that each worker keeps, those of <see cref="Values"/> not counted; a further one is <c>__overflow__</c>. Without one, <c>limits.label_values</c> alone bounds them.</summary>
    [Range(1, 10_000_000)]
    public int? Limit { get; init; }

    // A method: a property would be a key of the configuration.
    public string LabelName() => Name ?? FromKey(Attribute);

    // As the collector's exporter and Tempo make a name of a key.
    private static string FromKey(string key)
    {
        var name = new StringBuilder(key.Length > 0 && char.IsAsciiDigit(key[0]) ? "key_" : "");
        foreach (char c in key)
        {
            name.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        }

        return name.ToString();
    }
}
