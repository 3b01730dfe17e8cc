using SpanMetrics.Otlp;

namespace SpanMetrics.Semantics;

/// <summary>
/// One call, one count: a model call or a tool call that several nested spans show. Children usually arrive first, often in an earlier
/// record. Not thread-safe: owned by one worker.
/// </summary>
internal sealed class CallJoin(TraceOptions limits, Gates gates)
{
    private const int MostDepth = 64; // of nested spans; parents may go round in circles

    private static readonly Dimension[] Filled = [Dimension.Agent, Dimension.Tool, Dimension.Model, Dimension.Provider, Dimension.Operation, Dimension.Target, Dimension.Source];

    private readonly TraceMemory<RememberedCall> _calls = new(limits); // by span
    private readonly TraceMemory<ulong> _innerModels = new(limits), _innerTools = new(limits); // by the parent: the span inside of it
    private readonly long[] _nested = new long[DimensionText.Classes.Length];

    // Of the record being joined, by call.
    private int[] _slots = new int[128]; // by span id: 1 + the call; a power of two
    private Member[] _members = new Member[64];

    public ReadOnlySpan<long> Nested => _nested;

    public TraceMemoryCounts Counts => _calls.Counts;

    public void Join(RecordSpans spans, uint now)
    {
        int members = Collect(spans);
        if (members == 0)
        {
            return;
        }

        // Spans of one call beside each other, from the outermost to the innermost, and of several at one depth the last to end first.
        Span<Member> all = _members.AsSpan(0, members);
        for (int i = 0; i < all.Length; i++)
        {
            FindRoot(spans, all, i);
        }

        bool isNested = false;
        foreach (Member member in all)
        {
            isNested |= member.Depth > 0;
        }

        if (isNested)
        {
            all.Sort();
        }

        for (int first = 0; first < all.Length;)
        {
            int end = first + 1;
            while (end < all.Length && all[end].Root == all[first].Root)
            {
                end++;
            }

            Count(spans, all[first..end], now);
            first = end;
        }
    }

    private int Collect(RecordSpans spans)
    {
        Span<CallSpan> calls = spans.Calls;
        int count = 0;
        if (_members.Length < calls.Length)
        {
            _members = new Member[calls.Length * 2];
        }

        if (_slots.Length < calls.Length * 2)
        {
            _slots = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)calls.Length * 4)];
        }

        Array.Clear(_slots);
        for (int call = 0; call < calls.Length; call++)
        {
            if (calls[call].Plan.IsCall)
            {
                ref int slot = ref SlotOf(spans, calls[call].Id);
                slot = slot == 0 ? call + 1 : slot; // of two spans with one id the first
                _members[count++] = new Member { Call = call, Root = call, EndUnixNano = calls[call].EndUnixNano };
            }
        }

        return count;
    }

    // Where the span is, or would be.
    private ref int SlotOf(RecordSpans spans, in SpanKey id)
    {
        int mask = _slots.Length - 1;
        int at = (int)id.Hash & mask;
        while (_slots[at] != 0 && spans.Calls[_slots[at] - 1].Id != id)
        {
            at = (at + 1) & mask;
        }

        return ref _slots[at];
    }

    private void FindRoot(RecordSpans spans, Span<Member> members, int member)
    {
        int call = members[member].Call, depth = 0;
        members[member].Outer = OuterOf(spans, call);
        while (depth < MostDepth && OuterOf(spans, call) is >= 0 and int outer)
        {
            call = outer;
            depth++;
        }

        if (depth < MostDepth)
        {
            members[member].Root = call;
            members[member].Depth = depth;
        }
    }

    private int OuterOf(RecordSpans spans, int call)
    {
        ref readonly CallSpan inner = ref spans.Calls[call];
        if (inner.ParentId == 0 || !inner.Id.IsWhole)
        {
            return -1;
        }

        int outer = SlotOf(spans, inner.Id with { Span = inner.ParentId }) - 1;
        return outer >= 0 && outer != call && Nests(Describe(spans, inner), Describe(spans, spans.Calls[outer])) ? outer : -1;
    }

    private static RememberedCall Describe(RecordSpans spans, in CallSpan call) => new()
    {
        ParentId = call.ParentId,
        Call = spans[call.Span],
        Usage = call.Usage,
        Weak = call.Weak,
        Class = call.Plan.Class,
        HasMcpMethod = call.Plan.HasMcpMethod,
        IsTurn = call.Plan.Role == CallRole.Turn,
    };

    // A model call in a model call; a tool call in a tool call, if it is the same tool: a tool run inside another is a call of its own.
    private static bool Nests(in RememberedCall inner, in RememberedCall outer) =>
        inner.Class == outer.Class
        && inner.Call.Text[(int)Dimension.ServiceName] == outer.Call.Text[(int)Dimension.ServiceName]
        && (inner.Class != SpanClass.Tool || inner.HasMcpMethod || IsWeak(inner, Dimension.Tool) || IsWeak(outer, Dimension.Tool)
            || inner.Call.Text[(int)Dimension.Tool] == outer.Call.Text[(int)Dimension.Tool]);

    private static bool IsWeak(in RememberedCall call, Dimension dimension) => (call.Weak & (1u << (int)dimension)) != 0;

    private void Count(RecordSpans spans, ReadOnlySpan<Member> members, uint now)
    {
        SpanClass kind = spans.Calls[members[0].Call].Plan.Class;
        RememberedCall merged = Merge(spans, members);
        bool isCounted = false, isMerged = members.Length > 1;
        int added = spans.Count, earlier = FindCounted(spans, members, merged, now);
        if (earlier >= 0)
        {
            ref RememberedCall known = ref _calls[earlier];
            isCounted = !known.Waits;
            if (isCounted)
            {
                AddLacking(spans, ref known, merged.Usage, merged.Call.Weight);
                _nested[(int)kind] += members.Length;
                merged = known with { ParentId = merged.ParentId };
            }
            else
            {
                AddInner(ref merged, known); // it waited for this one
                _nested[(int)kind]++;
                merged.Waits = false;
                isMerged = true;
            }
        }

        if (!isCounted && !merged.Waits)
        {
            CountCall(spans, members, merged, isMerged, now);
        }

        spans.JoinedCalls?.Add(new JoinedCall(
            SpansOf(spans, members),
            added..spans.Count,
            isCounted ? CallFate.CountedBefore : merged.Waits ? CallFate.Waits : CallFate.Counted,
            earlier < 0 ? 0 : _calls.KeyOf(earlier).Span));
        Remember(spans, members, merged, now);
    }

    private static int[] SpansOf(RecordSpans spans, ReadOnlySpan<Member> members)
    {
        int[] indices = new int[members.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            indices[i] = spans.Calls[members[i].Call].Span;
        }

        return indices;
    }

    private static RememberedCall Merge(RecordSpans spans, ReadOnlySpan<Member> members)
    {
        Span<CallSpan> calls = spans.Calls;
        RememberedCall merged = Describe(spans, calls[members[0].Call]);
        merged.Waits = calls[members[0].Call].Plan.Role == CallRole.Inner;
        int chain = members[0].Call;
        foreach (Member member in members)
        {
            // Of several inner spans of one, which are tries, the last one says how the call went.
            if (member.Depth > 0 && member.Outer == chain)
            {
                AddInner(ref merged, Describe(spans, calls[member.Call]));
                chain = member.Call;
            }
        }

        merged.Call.DurationNanos = merged.IsTurn ? ClassifiedSpan.NoDuration : merged.Call.DurationNanos;
        return merged;
    }

    private static void Fill(ref RememberedCall outer, in RememberedCall inner)
    {
        outer.Usage.Fill(inner.Usage);
        foreach (Dimension dimension in Filled)
        {
            if (IsWeak(outer, dimension) && !IsWeak(inner, dimension))
            {
                outer.Call.Text[(int)dimension] = inner.Call.Text[(int)dimension];
                outer.Weak &= ~(1u << (int)dimension);
            }
        }
    }

    private static void AddInner(ref RememberedCall outer, in RememberedCall inner)
    {
        Fill(ref outer, inner);
        outer.Call.Closed = ClosedValues.Replace(outer.Call.Closed, Dimension.Status, (int)Worse(StatusOf(outer), StatusOf(inner)));
        Outcome outcome = Worse(OutcomeOf(outer), OutcomeOf(inner));
        outer.Call.Closed = ClosedValues.Replace(outer.Call.Closed, Dimension.Outcome, (int)outcome);
        outer.Call.Closed = ClosedValues.Replace(outer.Call.Closed, Dimension.Deny, outcome == Outcome.Deny ? 1 : 0);
        if (outer.Class == SpanClass.Llm && !inner.IsTurn)
        {
            outer.Call.DurationNanos = inner.Call.DurationNanos; // the innermost is the model's alone
            outer.IsTurn = false;
        }
    }

    private static SpanStatus StatusOf(in RememberedCall call) => (SpanStatus)ClosedValues.ValueOf(call.Call.Closed, Dimension.Status);

    private static Outcome OutcomeOf(in RememberedCall call) => (Outcome)ClosedValues.ValueOf(call.Call.Closed, Dimension.Outcome);

    // Error over ok over unset: as they are numbered.
    private static SpanStatus Worse(SpanStatus one, SpanStatus other) => one > other ? one : other;

    private static Outcome Worse(Outcome one, Outcome other)
    {
        ReadOnlySpan<Outcome> worst = [Outcome.Deny, Outcome.Hitl, Outcome.RateLimited, Outcome.Error, Outcome.Allow];
        foreach (Outcome outcome in worst)
        {
            if (one == outcome || other == outcome)
            {
                return outcome;
            }
        }

        return Outcome.None;
    }

    // A span of the same call in an earlier record: the one around these, or one inside of one of them.
    private int FindCounted(RecordSpans spans, ReadOnlySpan<Member> members, in RememberedCall merged, uint now)
    {
        SpanKey outermost = spans.Calls[members[0].Call].Id;
        TraceMemory<ulong> inside = InsideOf(merged.Class);
        if (!outermost.IsWhole)
        {
            return -1;
        }

        if (merged.ParentId != 0 && _calls.Find(outermost with { Span = merged.ParentId }, now) is >= 0 and int outer && Nests(merged, _calls[outer]))
        {
            return outer;
        }

        foreach (Member member in members)
        {
            ref readonly CallSpan call = ref spans.Calls[member.Call];
            if (inside.Find(call.Id, now) is >= 0 and int child
                && _calls.Find(call.Id with { Span = inside[child] }, now) is >= 0 and int inner
                && Nests(_calls[inner], Describe(spans, call)))
            {
                return inner;
            }
        }

        return -1;
    }

    private static void AddLacking(RecordSpans spans, ref RememberedCall known, in Usage more, double weight)
    {
        Usage before = known.Usage;
        known.Call.Weight = weight;
        if (known.Usage.Fill(more))
        {
            Usage added = known.Usage;
            for (int i = 0; i < Usage.Length; i++)
            {
                added[i] = before[i] >= 0 ? -1 : added[i];
            }

            spans.AddUsage(known.Call, added);
        }
    }

    private void CountCall(RecordSpans spans, ReadOnlySpan<Member> members, in RememberedCall merged, bool isMerged, uint now)
    {
        ref readonly CallSpan outermost = ref spans.Calls[members[0].Call];
        CountedAs counted = outermost.Plan.Counted;
        bool isGated = OutcomeOf(merged) is Outcome.Hitl or Outcome.Deny;
        foreach (Member member in members)
        {
            ref readonly CallSpan call = ref spans.Calls[member.Call];
            counted |= call.Plan.Counted;
            isGated |= merged.Class == SpanClass.Tool && gates.IsGated(call, merged.Call.Text[(int)Dimension.Tool], now);
        }

        counted |= merged.Class == SpanClass.Tool && !isGated ? CountedAs.UngatedTool : CountedAs.Nothing;
        _nested[(int)merged.Class] += members.Length - 1;
        spans.AddUsage(merged.Call, merged.Usage);
        if (!isMerged && merged.Call.DurationNanos == spans[outermost.Span].DurationNanos)
        {
            spans[outermost.Span].Counted |= counted;
        }
        else
        {
            // The span itself keeps its own labels.
            ref ClassifiedSpan added = ref spans.Add();
            added = merged.Call;
            added.Counted = counted;
        }
    }

    private void Remember(RecordSpans spans, ReadOnlySpan<Member> members, in RememberedCall merged, uint now)
    {
        foreach (Member member in members)
        {
            ref readonly CallSpan call = ref spans.Calls[member.Call];
            if (call.Id.IsWhole && _calls.Put(call.Id, now) is >= 0 and int entry)
            {
                _calls[entry] = merged;
                _calls[entry].ParentId = call.ParentId;
            }
        }

        SpanKey outermost = spans.Calls[members[0].Call].Id;
        TraceMemory<ulong> inside = InsideOf(merged.Class);
        if (outermost.IsWhole && merged.ParentId != 0 && inside.Put(outermost with { Span = merged.ParentId }, now) is >= 0 and int inner)
        {
            inside[inner] = outermost.Span;
        }
    }

    // Apart, since a span may have a model call and tool calls inside.
    private TraceMemory<ulong> InsideOf(SpanClass kind) => kind == SpanClass.Llm ? _innerModels : _innerTools;

    private struct Member : IComparable<Member>
    {
        public int Call;
        public int Root;
        public int Outer; // the call around it, or less than 0
        public int Depth;
        public ulong EndUnixNano;

        public readonly int CompareTo(Member other) =>
            Root != other.Root ? Root.CompareTo(other.Root)
            : Depth != other.Depth ? Depth.CompareTo(other.Depth)
            : EndUnixNano != other.EndUnixNano ? other.EndUnixNano.CompareTo(EndUnixNano)
            : other.Call.CompareTo(Call);
    }
}
