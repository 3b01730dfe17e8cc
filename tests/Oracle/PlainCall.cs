namespace SpanMetrics.Oracle;

/// <summary>A call of a model or a tool that was counted: under which labels, and which tokens (and "cost") are on the page for it.</summary>
internal sealed class PlainCall(PlainFacts facts, int number)
{
    public PlainFacts Facts => facts;

    /// <summary>Calls in the order in which they were counted.</summary>
    public int Number => number;

    public HashSet<string> Had { get; } = [.. PartsOf(facts).Keys];

    /// <summary>Tokens by their type, and what they cost.</summary>
    public static Dictionary<string, decimal> PartsOf(PlainFacts facts)
    {
        var parts = new Dictionary<string, decimal>(facts.Tokens);
        if (facts.Cost > 0)
        {
            parts["cost"] = facts.Cost;
        }

        return parts;
    }
}
