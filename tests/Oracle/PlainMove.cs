namespace SpanMetrics.Oracle;

/// <summary>What nested spans of one record move.</summary>
/// <param name="Labels">Whose labels count.</param>
/// <param name="IsCounted">One call more; otherwise tokens and cost alone.</param>
/// <param name="IsUngated">A tool call that no gate saw.</param>
/// <param name="Timed">Whose duration is the call's; null where none is.</param>
/// <param name="Parts">Tokens by their type, and what they cost.</param>
/// <param name="Weighed">Whose weight they have.</param>
internal sealed record PlainMove(PlainFacts Labels, bool IsCounted, bool IsUngated, PlainSpan? Timed, IReadOnlyDictionary<string, decimal> Parts, PlainSpan Weighed);
