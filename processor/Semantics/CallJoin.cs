namespace SpanMetrics.Semantics;

/// <summary>
/// One call, one count: a model call or a tool call that several nested spans show. Children usually arrive first, often in an earlier
/// record. Not thread-safe: owned by one worker.
/// </summary>
internal sealed class CallJoin(TraceOptions limits, Gates gates)
{
    private const int MostDepth = 64; // of nested spans; parents may go round in circles

    private readonly TraceMemory<RememberedCall> _calls = new(limits); // by span
    private readonly TraceMemory<WaitingCall> _waiting = new(limits); // by span
    private readonly TraceMemory<ulong> _innerModels = new(limits), _innerTools = new(limits); // by the parent: the span inside of it
    private readonly long[] _nested = new long[DimensionText.Classes.Length];

    // Of the record being joined, by call.
    private int[] _slots = new int[128]; // by span id: 1 + the call; a power of two
    private Member[] _members = new Member[64];
    private ulong _touched; // so that touching is not optimised away

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

        Touch(spans, all);
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

    // What the calls will be looked up by, all at once: their cache misses overlap.
    private void Touch(RecordSpans spans, ReadOnlySpan<Member> members)
    {
        ulong touched = 0;
        foreach (Member member in members)
        {
            ref readonly CallSpan call = ref spans.Calls[member.Call];
            TraceMemory<ulong> inside = InsideOf(call.Plan.Class);
            ulong own = call.Ids.Span, parent = call.Ids.Parent;
            touched ^= _calls.TouchToPut(own) ^ _calls.Touch(parent) ^ inside.Touch(own) ^ inside.TouchToPut(parent);
        }

        _touched = touched;
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
                ref int slot = ref SlotOf(spans, calls[call].Ids.Span);
                slot = slot == 0 ? call + 1 : slot; // of two spans with one id the first
                _members[count++] = new Member { Call = call, Root = call, EndUnixNano = calls[call].EndUnixNano };
            }
        }

        return count;
    }

    // Where the span is, or would be.
    private ref int SlotOf(RecordSpans spans, ulong id)
    {
        int mask = _slots.Length - 1;
        int at = (int)id & mask;
        while (_slots[at] != 0 && spans.Calls[_slots[at] - 1].Ids.Span != id)
        {
            at = (at + 1) & mask;
        }

        return ref _slots[at];
    }

    private void FindRoot(RecordSpans spans, Span<Member> members, int member)
    {
        int call = members[member].Call, depth = 0, outer = OuterOf(spans, call);
        members[member].Outer = outer;
        while (depth < MostDepth && outer >= 0)
        {
            call = outer;
            outer = OuterOf(spans, call);
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
        if (inner.Ids.Parent == 0)
        {
            return -1;
        }

        int outer = SlotOf(spans, inner.Ids.Parent) - 1;
        return outer >= 0 && outer != call && Nestable.Of(spans, inner).LiesIn(Nestable.Of(spans, spans.Calls[outer])) ? outer : -1;
    }

    private void Count(RecordSpans spans, ReadOnlySpan<Member> members, uint now)
    {
        ref CallSpan outermost = ref spans.Calls[members[0].Call];
        int added = spans.Count, earlier = FindEarlier(spans, members, now);
        CallFate fate = CallFate.Counted;
        RememberedCall call;
        if (earlier >= 0 && !_calls[earlier].Waits)
        {
            fate = CallFate.CountedBefore;
            _nested[(int)outermost.Plan.Class] += members.Length;
            AddLacking(spans, ref _calls[earlier], Merge(spans, members));
            call = _calls[earlier];
        }
        else if (members.Length == 1 && earlier < 0 && outermost.Plan.Role == CallRole.Whole)
        {
            ref ClassifiedSpan span = ref spans[outermost.Span];
            span.Counted |= CountedAsOf(spans, members, span.Text[(int)Dimension.Tool], (Outcome)ClosedValues.ValueOf(span.Closed, Dimension.Outcome), now);
            call = Remembered(outermost, span, outermost.Usage, outermost.Weak);
            if (outermost.Plan.HasUsage)
            {
                spans.AddUsage(span, outermost.Usage);
            }
        }
        else
        {
            fate = outermost.Plan.Role == CallRole.Inner && earlier < 0 ? CallFate.Waits : CallFate.Counted;
            call = CountMerged(spans, members, earlier, fate, now);
        }

        if (spans.HasOwn)
        {
            spans.FillOwn(added, SpansOf(spans, members));
        }

        spans.JoinedCalls?.Add(new JoinedCall(SpansOf(spans, members), added..spans.Count, fate, earlier < 0 ? 0 : _calls[earlier].RawSpan));
        Remember(spans, members, call, now);
    }

    // A call that no span shows with all of its labels, or that waits for one.
    private RememberedCall CountMerged(RecordSpans spans, ReadOnlySpan<Member> members, int earlier, CallFate fate, uint now)
    {
        ref CallSpan outermost = ref spans.Calls[members[0].Call];
        bool isModel = outermost.Plan.Class == SpanClass.Llm;
        MergedCall merged = Merge(spans, members);
        if (earlier >= 0)
        {
            merged.Add(Waiting(earlier, now), isModel);
            _nested[(int)outermost.Plan.Class]++;
        }

        if (fate == CallFate.Waits)
        {
            if (outermost.Ids.Span != 0)
            {
                _waiting[_waiting.Put(outermost.Ids.Span, now)] = new WaitingCall { Usage = merged.Usage, DurationNanos = merged.Call.DurationNanos };
            }
        }
        else
        {
            merged.End();
            _nested[(int)outermost.Plan.Class] += members.Length - 1;
            CountedAs counted = CountedAsOf(spans, members, merged.Call.Text[(int)Dimension.Tool], merged.Outcome, now);
            spans.AddUsage(merged.Call, merged.Usage);
            ref ClassifiedSpan added = ref spans.Add(); // the spans themselves keep their own labels
            added = merged.Call;
            added.Counted = counted;
            spans.LinkLike(spans.Count - 1, outermost.Span);
        }

        RememberedCall call = Remembered(outermost, merged.Call, merged.Usage, merged.Weak);
        call.Waits = fate == CallFate.Waits;
        return call;
    }

    private static MergedCall Merge(RecordSpans spans, ReadOnlySpan<Member> members)
    {
        MergedCall merged = Of(spans, spans.Calls[members[0].Call]);
        int chain = members[0].Call;
        foreach (Member member in members)
        {
            // Of several inner spans of one, which are tries, the last one says how the call went.
            if (member.Depth > 0 && member.Outer == chain)
            {
                merged.Add(Of(spans, spans.Calls[member.Call]), spans.Calls[chain].Plan.Class == SpanClass.Llm);
                chain = member.Call;
            }
        }

        return merged;

        static MergedCall Of(RecordSpans spans, in CallSpan call) => new(spans[call.Span], call.Usage, call.Weak, call.Plan.Role == CallRole.Turn);
    }

    private MergedCall Waiting(int earlier, uint now)
    {
        ref readonly RememberedCall call = ref _calls[earlier];
        int found = _waiting.Find(_calls.KeyOf(earlier), now);
        var span = new ClassifiedSpan { Closed = call.Closed, Text = call.Text, DurationNanos = found < 0 ? ClassifiedSpan.NoDuration : _waiting[found].DurationNanos };
        return new MergedCall(span, found < 0 ? Usage.None : _waiting[found].Usage, call.Weak, isTurn: false);
    }

    private CountedAs CountedAsOf(RecordSpans spans, ReadOnlySpan<Member> members, int tool, Outcome outcome, uint now)
    {
        var counted = CountedAs.Nothing;
        bool isTool = false, isGated = outcome is Outcome.Hitl or Outcome.Deny;
        foreach (Member member in members)
        {
            ref readonly CallSpan call = ref spans.Calls[member.Call];
            counted |= call.Plan.Counted;
            isTool = call.Plan.Class == SpanClass.Tool;
            isGated |= isTool && gates.IsGated(call, tool, now);
        }

        return counted | (isTool && !isGated ? CountedAs.UngatedTool : CountedAs.Nothing);
    }

    // A span of the same call in an earlier record: the one around these, or one inside of one of them.
    private int FindEarlier(RecordSpans spans, ReadOnlySpan<Member> members, uint now)
    {
        ref readonly CallSpan outermost = ref spans.Calls[members[0].Call];
        if (outermost.Ids.Span == 0)
        {
            return -1;
        }

        if (outermost.Ids.Parent != 0 && _calls.Find(outermost.Ids.Parent, now) is >= 0 and int outer
            && Nestable.Of(spans, outermost).LiesIn(Nestable.Of(_calls[outer])))
        {
            return outer;
        }

        TraceMemory<ulong> inside = InsideOf(outermost.Plan.Class);
        foreach (Member member in members)
        {
            ref readonly CallSpan call = ref spans.Calls[member.Call];
            if (inside.Find(call.Ids.Span, now) is >= 0 and int child
                && _calls.Find(inside[child], now) is >= 0 and int inner
                && Nestable.Of(_calls[inner]).LiesIn(Nestable.Of(spans, call)))
            {
                return inner;
            }
        }

        return -1;
    }

    // Under the labels that the call was counted with.
    private static void AddLacking(RecordSpans spans, ref RememberedCall known, in MergedCall more)
    {
        Usage lacking = more.Usage;
        for (int i = 0; i < Usage.Length; i++)
        {
            lacking[i] = (known.Had & (1 << i)) != 0 ? -1 : lacking[i];
        }

        known.Had |= lacking.Has;
        spans.AddUsage(new ClassifiedSpan { Closed = known.Closed, Text = known.Text, Weight = more.Call.Weight }, lacking);
    }

    private static RememberedCall Remembered(in CallSpan outermost, in ClassifiedSpan labels, in Usage usage, uint weak) => new()
    {
        Text = labels.Text,
        Closed = labels.Closed,
        Weak = weak,
        Had = usage.Has,
        Class = outermost.Plan.Class,
        HasMcpMethod = outermost.Plan.HasMcpMethod,
    };

    private void Remember(RecordSpans spans, ReadOnlySpan<Member> members, in RememberedCall call, uint now)
    {
        foreach (Member member in members)
        {
            ref readonly CallSpan span = ref spans.Calls[member.Call];
            if (span.Ids.Span != 0)
            {
                ref RememberedCall remembered = ref _calls[_calls.Put(span.Ids.Span, now)];
                remembered = call;
                remembered.RawSpan = span.Ids.RawSpan;
            }
        }

        ref readonly CallSpan outermost = ref spans.Calls[members[0].Call];
        if (outermost.Ids.Parent != 0)
        {
            TraceMemory<ulong> inside = InsideOf(call.Class);
            inside[inside.Put(outermost.Ids.Parent, now)] = outermost.Ids.Span;
        }
    }

    // Apart, since a span may have a model call and tool calls inside.
    private TraceMemory<ulong> InsideOf(SpanClass kind) => kind == SpanClass.Llm ? _innerModels : _innerTools;

    private static int[] SpansOf(RecordSpans spans, ReadOnlySpan<Member> members)
    {
        int[] indices = new int[members.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            indices[i] = spans.Calls[members[i].Call].Span;
        }

        return indices;
    }

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
