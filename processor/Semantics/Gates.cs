namespace SpanMetrics.Semantics;

/// <summary>
/// Which tools were decided on, by trace and by conversation: a call of any other tool ran without a decision. An approved call may come in
/// a trace of its own; then the conversation tells. Not thread-safe: owned by one worker.
/// </summary>
internal sealed class Gates(TraceOptions limits, SymbolTable symbols)
{
    private const int AnyTool = -1;

    // Gates that are put together, since their cache misses overlap then.
    private const int Block = 32;

    private readonly TraceMemory<byte> _gates = new(limits);
    private readonly ulong[] _keys = new ulong[Block];
    private int _waiting;
    private ulong _touched; // so that touching is not optimised away
    private readonly int _none = symbols.InternOwn("none");
    private readonly int _unknown = symbols.InternOwn("unknown");
    private readonly int _toolCall = symbols.InternOwn("tool_call");

    public TraceMemoryCounts Counts => _gates.Counts;

    /// <summary>Decisions, and calls that a human held or refused.</summary>
    public void Note(RecordSpans spans, uint now)
    {
        foreach (ref readonly CallSpan call in spans.Calls)
        {
            ref readonly ClassifiedSpan span = ref spans[call.Span];
            int tool = span.Text[(int)Dimension.Tool];
            bool isNamed = tool != _none && tool != _unknown && tool != SymbolTable.Overflow;
            Outcome outcome = (Outcome)ClosedValues.ValueOf(span.Closed, Dimension.Outcome);
            switch (call.Plan.Class)
            {
                case SpanClass.Decision when span.Text[(int)Dimension.Event] == _toolCall:
                    Note(call, isNamed ? tool : AnyTool, now);
                    break;
                case SpanClass.Gateway when isNamed:
                case SpanClass.Tool when isNamed && outcome is Outcome.Hitl or Outcome.Deny:
                    Note(call, tool, now);
                    break;
            }
        }

        PutWaiting(now);
    }

    private void Note(in CallSpan call, int tool, uint now)
    {
        if (call.Ids.Trace != 0)
        {
            Add(KeyOf(call.Ids.Trace, tool), now);
        }

        if (call.Conversation != 0)
        {
            Add(KeyOf(call.Conversation, tool), now);
        }
    }

    private void Add(ulong key, uint now)
    {
        if (_waiting == Block)
        {
            PutWaiting(now);
        }

        _keys[_waiting++] = key;
    }

    private void PutWaiting(uint now)
    {
        ReadOnlySpan<ulong> keys = _keys.AsSpan(0, _waiting);
        ulong touched = 0;
        foreach (ulong key in keys)
        {
            touched ^= _gates.TouchToPut(key);
        }

        _touched = touched;
        foreach (ulong key in keys)
        {
            _gates.Put(key, now);
        }

        _waiting = 0;
    }

    public bool IsGated(in CallSpan call, int tool, uint now) =>
        (call.Ids.Trace != 0 && IsGated(call.Ids.Trace, tool, now)) || (call.Conversation != 0 && IsGated(call.Conversation, tool, now));

    private bool IsGated(ulong trace, int tool, uint now) =>
        (tool != SymbolTable.Overflow && _gates.Find(KeyOf(trace, tool), now) >= 0) || _gates.Find(KeyOf(trace, AnyTool), now) >= 0;

    private static ulong KeyOf(ulong trace, int tool) => KeyedHash.Of(trace, (uint)tool);
}
