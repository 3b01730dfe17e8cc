namespace SpanMetrics.Oracle;

/// <summary>Which of some spans of calls lie inside which others: direct children of the same class, that are no call of their own.</summary>
internal sealed class PlainNest(List<PlainFacts> spans)
{
    private static readonly string[] Statuses = ["unset", "ok", "error"];
    private static readonly string[] Outcomes = ["none", "error", "hitl", "deny"];

    private readonly Dictionary<PlainFacts, PlainFacts?> _outers = OutersOf(spans);

    /// <summary>Outermost spans, each with all that lie in it and itself, in the order of the record.</summary>
    public IEnumerable<(PlainFacts Root, List<PlainFacts> Members)> Calls() =>
        spans.Where(span => _outers[span] is null).Select(root => (root, spans.Where(span => ReferenceEquals(RootOf(span), root)).ToList()));

    /// <summary>A model in a model, a tool in the same tool, of one service.</summary>
    public static bool IsInner(PlainFacts inner, PlainFacts outer) =>
        inner.Class == outer.Class
        && inner.Service == outer.Service
        && (inner.Class == "llm" || inner.Tool == outer.Tool || inner.Tool == "" || outer.Tool == "" || inner.Span.Has("mcp.method.name"));

    /// <summary>From the outside in; of several beside each other the last to end.</summary>
    public List<PlainFacts> ChainOf(PlainFacts root)
    {
        List<PlainFacts> chain = [root];
        while (spans.Where(span => ReferenceEquals(_outers[span], chain[^1])).OrderBy(span => span.Span.EndUnixNano).LastOrDefault() is PlainFacts inner)
        {
            chain.Add(inner);
        }

        return chain;
    }

    /// <summary>The one call that nested spans show.</summary>
    public static PlainFacts Merged(List<PlainFacts> chain)
    {
        return chain[0] with
        {
            Agent = First(span => span.Agent),
            Tool = First(span => span.Tool),
            Model = First(span => span.Model),
            Provider = First(span => span.Provider),
            Operation = First(span => span.Operation),
            Target = First(span => span.Target),
            Conversation = First(span => span.Conversation),
            Source = chain.Select(span => span.Source).FirstOrDefault(source => source != "other") ?? "other",
            Status = chain.Select(span => span.Status).MaxBy(status => Array.IndexOf(Statuses, status))!,
            Outcome = chain.Select(span => span.Outcome).MaxBy(outcome => Array.IndexOf(Outcomes, outcome))!,
            Delegates = chain.Any(span => span.Delegates),
            Tokens = chain.SelectMany(span => span.Tokens).GroupBy(count => count.Key).ToDictionary(counts => counts.Key, counts => counts.First().Value),
            Cost = chain.Select(span => span.Cost).FirstOrDefault(cost => cost > 0),
        };

        string First(Func<PlainFacts, string> text) => chain.Select(text).FirstOrDefault(said => said != "") ?? "";
    }

    private PlainFacts RootOf(PlainFacts span) => _outers[span] is PlainFacts outer ? RootOf(outer) : span;

    private static Dictionary<PlainFacts, PlainFacts?> OutersOf(List<PlainFacts> spans)
    {
        var outers = new Dictionary<PlainFacts, PlainFacts?>(ReferenceEqualityComparer.Instance);
        foreach (PlainFacts span in spans)
        {
            outers[span] = spans.FirstOrDefault(other => span.Parent is not null && other.Id == span.Parent) is PlainFacts outer && IsInner(span, outer) ? outer : null;
        }

        // No emitter makes spans that are each other's parent: they, and what lies in them, are calls of their own.
        foreach (PlainFacts span in spans.Where(span => NeverEnds(span, outers)).ToList())
        {
            outers[span] = null;
        }

        return outers;
    }

    private static bool NeverEnds(PlainFacts span, Dictionary<PlainFacts, PlainFacts?> outers)
    {
        PlainFacts? outer = outers[span];
        for (int steps = 0; outer is not null && steps <= outers.Count; steps++)
        {
            outer = outers[outer];
        }

        return outer is not null;
    }
}
