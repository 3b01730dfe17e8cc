namespace SpanMetrics.Semantics;

/// <summary>All that applies to the spans of one emitter, in the order in which it is tried: its own rules, then those that others state for any span.</summary>
internal sealed class Emitter
{
    /// <summary>The label <c>source</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Null where no span is of this emitter.</summary>
    public required CompiledCondition? Match { get; init; }

    /// <summary>By class, and in one class by file.</summary>
    public required Compiled<ClassRule>[] Spans { get; init; }

    public required Compiled<ClassRule>[] Logs { get; init; }

    public required Compiled<OutcomeRule>[] Outcomes { get; init; }

    /// <summary>By <see cref="Field"/>.</summary>
    public required BoundSource[][] Sources { get; init; }

    /// <summary>Of all rules and sources.</summary>
    public IEnumerable<CompiledCondition> Conditions =>
    [
        .. Array.ConvertAll(Spans, rule => rule.Condition),
        .. Array.ConvertAll(Logs, rule => rule.Condition),
        .. Array.ConvertAll(Outcomes, rule => rule.Condition),
        .. Array.ConvertAll([.. Flat(Sources)], source => source.Condition),
    ];

    private static List<BoundSource> Flat(BoundSource[][] sources)
    {
        var flat = new List<BoundSource>();
        Array.ForEach(sources, flat.AddRange);
        return flat;
    }

    /// <summary>By <see cref="Field"/> with text.</summary>
    public required (TextPattern From, byte[] To)[][] Values { get; init; }
}
