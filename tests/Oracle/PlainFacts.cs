namespace SpanMetrics.Oracle;

/// <summary>All that is known of one span, or of one call that several nested spans show. "" for a text that nobody said.</summary>
internal sealed record PlainFacts
{
    /// <summary>Of a call the outermost.</summary>
    public required PlainSpan Span { get; init; }

    public required string Class { get; init; }

    public required string Source { get; init; }

    public required string Service { get; init; }

    public required string Agent { get; init; }

    public required string Tool { get; init; }

    public required string Model { get; init; }

    public required string Provider { get; init; }

    public required string Operation { get; init; }

    /// <summary>To whom was delegated.</summary>
    public required string Target { get; init; }

    public required string Event { get; init; }

    public required string Outcome { get; init; }

    public required string Reason { get; init; }

    public required string Tier { get; init; }

    /// <summary>ok, error or unset.</summary>
    public required string Status { get; init; }

    public required string Conversation { get; init; }

    /// <summary>A delegation, whatever else it is.</summary>
    public required bool Delegates { get; init; }

    /// <summary>By the label <c>token_type</c>; without those that are 0.</summary>
    public required IReadOnlyDictionary<string, decimal> Tokens { get; init; }

    /// <summary>US dollars; 0 where nobody said.</summary>
    public required decimal Cost { get; init; }

    public bool IsTokensOnly => Class == "llm" && PlainClasses.IsTokensOnly(Span);

    public bool IsTurn => PlainClasses.IsTurn(Span);

    public bool WaitsForOuter => Class == "llm" && PlainClasses.WaitsForOuter(Span, Model);

    /// <summary>Null where the id is not one by the protocol: then nothing is joined by it.</summary>
    public string? Trace => Span.TraceId.Length == 16 && Span.TraceId.Any(letter => letter != '\0') ? Span.TraceId : null;

    public (string Trace, string Id)? Id => IdOf(Span.SpanId);

    /// <summary>A span without an id of its own is joined to nothing.</summary>
    public (string Trace, string Id)? Parent => Id is null ? null : IdOf(Span.ParentSpanId);

    private (string Trace, string Id)? IdOf(string id) => Trace is not null && id.Length == 8 && id.Any(letter => letter != '\0') ? (Trace, id) : null;
}
