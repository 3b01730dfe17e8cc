namespace SpanMetrics.Semantics;

/// <summary>One emitter's file: whose spans they are, what they are, and where to find what they say. docs/emitters.md has the language.</summary>
internal sealed record EmitterRules
{
    /// <summary>The label <c>source</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Null for a convention: all of it is for spans of any emitter.</summary>
    public Condition? Match { get; init; }

    /// <summary>Attributes that only need to be known to be there, for conditions on any key with some start.</summary>
    public List<string> Asks { get; } = [];

    public List<ClassRule> Spans { get; } = [];

    public List<ClassRule> Logs { get; } = [];

    public List<OutcomeRule> Outcomes { get; } = [];

    /// <summary>By <see cref="Field"/>, in the order in which they are tried.</summary>
    public List<FieldSource>[] Sources { get; } = Array.ConvertAll(new int[FieldText.Count], _ => new List<FieldSource>());

    /// <summary>By <see cref="Field"/> with text: what a value becomes, by pattern; empty for one that counts as missing.</summary>
    public List<(TextPattern From, byte[] To)>[] Values { get; } = Array.ConvertAll(new int[FieldText.Texts], _ => new List<(TextPattern, byte[])>());
}
