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
    private readonly SpanKey[] _keys = new SpanKey[Block];
    private readonly ulong[] _hashes = new ulong[Block];
    private int _waiting;
    private uint _touched; // so that touching is not optimised away
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
        if (call.Id.HasTrace)
        {
            Add(call.Id with { Span = (uint)tool }, now);
        }

        if (call.Conversation != 0)
        {
            Add(new SpanKey(call.Conversation, (uint)tool), now);
        }
    }

    private void Add(in SpanKey key, uint now)
    {
        if (_waiting == Block)
        {
            PutWaiting(now);
        }

        _keys[_waiting] = key;
        _hashes[_waiting++] = key.Hash;
    }

    private void PutWaiting(uint now)
    {
        foreach (ulong hash in _hashes.AsSpan(0, _waiting))
        {
            _touched ^= _gates.Touch(hash);
        }

        for (int i = 0; i < _waiting; i++)
        {
            _gates.Put(_keys[i], _hashes[i], now);
        }

        _waiting = 0;
    }

    public bool IsGated(in CallSpan call, int tool, uint now) =>
        (call.Id.HasTrace && IsGated(call.Id.Trace, tool, now)) || (call.Conversation != 0 && IsGated(call.Conversation, tool, now));

    private bool IsGated(UInt128 trace, int tool, uint now) =>
        (tool != SymbolTable.Overflow && _gates.Find(new SpanKey(trace, (uint)tool), now) >= 0)
        || _gates.Find(new SpanKey(trace, unchecked((uint)AnyTool)), now) >= 0;
}
