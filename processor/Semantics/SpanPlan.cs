namespace SpanMetrics.Semantics;

/// <summary>
/// What the rules say of all spans of one shape, and where the values of such a span lie. A shape is everything that rules look at: scope,
/// resource, name, kind, status and message as far as conditions tell them apart, the asked attributes that are there, and the answers of the
/// conditions on their values.
/// </summary>
internal sealed class SpanPlan
{
    public required Emitter Emitter { get; init; }

    public required SpanClass Class { get; init; }

    /// <summary>Null for a span that no rule knows.</summary>
    public required ClassRule? Rule { get; init; }

    public required OutcomeRule? OutcomeRule { get; init; }

    /// <summary>The outcome hangs on content too: it is asked for each span.</summary>
    public required bool IsContentAsked { get; init; }

    /// <summary>What holds of the shape: for what is asked for each span.</summary>
    public required FactSet Facts { get; init; }

    public required CountedAs Counted { get; init; }

    /// <summary>Without the dimensions that are read from each span.</summary>
    public required int Closed { get; init; }

    /// <summary>By <see cref="Field"/> with text.</summary>
    public required PlannedText[] Texts { get; init; }

    /// <summary>Those of <see cref="Texts"/> that are read from each span.</summary>
    public required PlannedText[] Reads { get; init; }

    /// <summary>The texts that are not, and what the others are where nothing is found.</summary>
    public required ClassifiedSpan.Symbols Template { get; init; }

    /// <summary>A span that names no agent is its service's.</summary>
    public required bool IsAgentService { get; init; }

    /// <summary>A bit for each dimension whose value in the template is only a default.</summary>
    public required uint Weak { get; init; }

    /// <summary>By <see cref="Field"/> without text: the slot of the first place, where that is an attribute whose text is taken as it is; -1 otherwise.</summary>
    public required int[] PlainSlots { get; init; }

    /// <summary>By <see cref="Field"/> without text: the first place that may hold it, by the index among the emitter's sources; -1 for none.</summary>
    public required int[] Numbers { get; init; }

    /// <summary>Another span may show the same call: the trace context says whether it counts.</summary>
    public bool IsCall => Class is SpanClass.Tool or SpanClass.Llm && Role != CallRole.Tokens;

    /// <summary>The trace context must know of it.</summary>
    public bool IsAsked => Class is SpanClass.Tool or SpanClass.Llm or SpanClass.Decision or SpanClass.Gateway;

    /// <summary>It carries a call to an MCP server.</summary>
    public bool HasMcpMethod { get; init; }

    /// <summary>Tokens or cost may be there.</summary>
    public bool HasUsage { get; init; }

    public CallRole Role => Rule?.Role ?? CallRole.Whole;
}
