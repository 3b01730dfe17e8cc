using SpanMetrics.Semantics;

namespace SpanMetrics.Exposition;

/// <summary>Where the numbers of a <see cref="Track"/> stand. All begin with decisions by <see cref="Outcome"/>.</summary>
internal static class StatusColumns
{
    public const int Deny = (int)Outcome.Deny;
    public const int Hitl = (int)Outcome.Hitl;

    public const int Outcomes = 6;

    /// <summary>Calls come after them; of a risk tier there are none.</summary>
    public const int Calls = Outcomes, TierWidth = 7;

    /// <summary>Of a tool; then one for each bucket of its duration.</summary>
    public const int Ungated = 7, ToolBuckets = 8;

    /// <summary>Of a model, whose calls are by status; then tokens by <see cref="TokenType"/>.</summary>
    public const int ModelErrors = 8, Tokens = 9, Cost = 14, ModelWidth = 15;
}
