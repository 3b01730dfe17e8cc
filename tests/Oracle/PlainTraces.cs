namespace SpanMetrics.Oracle;

/// <summary>
/// What earlier records of a trace said: calls that were counted, gates, models. Nothing is ever forgotten. One worker's, or one for
/// all records.
/// </summary>
internal sealed class PlainTraces
{
    private readonly Dictionary<(string Trace, string Id), (PlainFacts Span, PlainCall Call)> _byOwnId = [];
    private readonly List<(PlainFacts Span, PlainCall Call)> _counted = [];
    private readonly Dictionary<string, string> _models = [];
    private readonly List<PlainFacts> _gates = [];
    private List<PlainFacts> _waiting = [];
    private int _calls;

    /// <summary>The models of the decisions of one record; before <see cref="Take"/>.</summary>
    public string ModelOf(PlainFacts decision, List<PlainFacts> record)
    {
        if (decision.Model != "" || decision.Trace is null)
        {
            return decision.Model;
        }

        List<PlainFacts> spans = [.. record.Where(NamesModel).Where(span => span.Trace == decision.Trace)];
        PlainFacts? before = spans.Where(span => span.Span.EndUnixNano <= decision.Span.StartUnixNano).OrderBy(span => span.Span.EndUnixNano).LastOrDefault();
        return before?.Model
            ?? _models.GetValueOrDefault(decision.Trace)
            ?? spans.OrderBy(span => span.Span.EndUnixNano).FirstOrDefault()?.Model
            ?? "";
    }

    /// <summary>Counts the calls of models and tools that one record shows, and remembers it.</summary>
    public List<PlainMove> Take(List<PlainFacts> record)
    {
        var nest = new PlainNest([.. _waiting, .. record.Where(span => span.Class == "tool" || (span.Class == "llm" && !span.IsTokensOnly))]);
        var calls = nest.Calls().Select(call => (call.Root, call.Members, Whole: PlainNest.Merged(nest.ChainOf(call.Root)), Chain: nest.ChainOf(call.Root))).ToList();
        _gates.AddRange(record.Where(IsGate));
        _gates.AddRange(calls.Select(call => call.Whole).Where(IsGate));

        var moves = new List<PlainMove>();
        var remembered = new List<(PlainFacts Root, List<PlainFacts> Members, PlainCall Call)>();
        _waiting = [];
        foreach ((PlainFacts root, List<PlainFacts> members, PlainFacts whole, List<PlainFacts> chain) in calls)
        {
            PlainCall? call = CountedOuter(root) ?? CountedInner(members);
            if (call is not null)
            {
                var lacking = PlainCall.PartsOf(whole).Where(part => call.Had.Add(part.Key)).ToDictionary();
                moves.Add(new PlainMove(call.Facts, IsCounted: false, IsUngated: false, Timed: null, lacking, root.Span));
            }
            else if (root.WaitsForOuter)
            {
                _waiting.AddRange(members);
                continue;
            }
            else
            {
                call = new PlainCall(whole, ++_calls);
                PlainSpan? timed = whole.Class == "tool" ? root.Span : chain.LastOrDefault(span => !span.IsTurn)?.Span;
                moves.Add(new PlainMove(whole, IsCounted: true, whole.Class == "tool" && !IsGated(whole), timed, PlainCall.PartsOf(whole), root.Span));
            }

            remembered.Add((root, members, call));
        }

        foreach ((PlainFacts root, List<PlainFacts> members, PlainCall call) in remembered)
        {
            Remember(root, members, call);
        }

        foreach (PlainFacts span in record.Where(NamesModel).Where(span => span.Trace is not null).OrderBy(span => span.Span.EndUnixNano))
        {
            _models[span.Trace!] = span.Model;
        }

        return moves;
    }

    private void Remember(PlainFacts root, List<PlainFacts> members, PlainCall call)
    {
        foreach (PlainFacts member in members.Where(member => member.Id is not null))
        {
            _byOwnId[member.Id!.Value] = (member, call);
        }

        _counted.Add((root, call));
    }

    private PlainCall? CountedOuter(PlainFacts root) =>
        root.Parent is (string, string) parent && _byOwnId.TryGetValue(parent, out var outer) && PlainNest.IsInner(root, outer.Span) ? outer.Call : null;

    /// <summary>Of several, which were each counted, the last.</summary>
    private PlainCall? CountedInner(List<PlainFacts> members) =>
        _counted.Where(inner => inner.Span.Parent is not null && members.Any(member => member.Id == inner.Span.Parent && PlainNest.IsInner(inner.Span, member)))
            .Select(inner => inner.Call)
            .MaxBy(call => call.Number);

    private static bool NamesModel(PlainFacts span) => span.Class is "llm" or "gateway" && span.Model != "";

    private static bool IsGate(PlainFacts span) => span.Class switch
    {
        "decision" => span.Event.Is("tool_call"),
        "gateway" => span.Tool != "", // of a tool that nobody names it is not known that it is the same
        "tool" => span.Outcome is "hitl" or "deny",
        _ => false,
    };

    private bool IsGated(PlainFacts call) =>
        IsGate(call) || _gates.Any(gate =>
            ((gate.Tool == call.Tool && gate.Tool != "") || (gate.Class == "decision" && gate.Tool == ""))
            && ((gate.Trace is not null && gate.Trace == call.Trace) || (gate.Conversation != "" && gate.Conversation == call.Conversation)));
}
