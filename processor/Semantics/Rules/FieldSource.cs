using System.Text;

namespace SpanMetrics.Semantics;

/// <summary>A place where a field's value may be found.</summary>
internal sealed record FieldSource
{
    private byte[]? _valueBytes;

    /// <summary>An attribute's key; null when the value lies elsewhere.</summary>
    public string? Attribute { get; init; }

    /// <summary>A resource attribute's key.</summary>
    public string? Resource { get; init; }

    /// <summary>Takes a part of the span's name.</summary>
    public TextPattern? Name { get; init; }

    /// <summary>A constant. Empty: the value is missing, and the search ends.</summary>
    public string? Value { get; init; }

    public byte[] ValueBytes => _valueBytes ??= Encoding.UTF8.GetBytes(Value ?? "");

    /// <summary>Takes a part of the attribute's text; where it does not fit, the whole text counts.</summary>
    public TextPattern? Take { get; init; }

    /// <summary>A member at the top level of the attribute's JSON object.</summary>
    public string? Json { get; init; }

    public CountedAs Classes { get; init; } = ~CountedAs.Nothing;

    public required Condition Condition { get; init; }

    public required string Place { get; init; }

    /// <summary>As it is told: where the value came from.</summary>
    public override string ToString() =>
        Attribute is not null ? $"attribute {Attribute}{(Json is null ? "" : $", member {Json}")}"
        : Resource is not null ? $"resource {Resource}"
        : Name is not null ? "span name"
        : $"rule {Place}";
}
