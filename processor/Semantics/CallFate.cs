namespace SpanMetrics.Semantics;

/// <summary>Whether a call counted in the record that its spans came in.</summary>
internal enum CallFate
{
    Counted,

    /// <summary>In an earlier record; only tokens and cost that were lacking are added.</summary>
    CountedBefore,

    /// <summary>Not before the span around it comes.</summary>
    Waits,
}
