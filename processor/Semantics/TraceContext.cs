namespace SpanMetrics.Semantics;

/// <summary>
/// What one span means to others of its trace: nested spans of one call count once, a tool call is gated by a decision before it, and a
/// decision gets the model that led to it. Remembers spans of earlier records, bounded in entries and age. Not thread-safe: owned by one worker.
/// </summary>
internal sealed class TraceContext
{
    private readonly Gates _gates;
    private readonly TraceModels _models;
    private readonly CallJoin _calls;
    private readonly TraceMemory<byte>? _requests; // through gateways that tell each twice

    public TraceContext(TraceOptions limits, SymbolTable symbols, GatewayDecisions gatewayDecisions)
    {
        _gates = new Gates(limits, symbols);
        _models = new TraceModels(limits, symbols);
        _calls = new CallJoin(limits, _gates);
        _requests = gatewayDecisions == GatewayDecisions.Both ? new TraceMemory<byte>(limits) : null;
    }

    /// <summary>By class: spans that were folded into a call that another span counts.</summary>
    public ReadOnlySpan<long> Nested => _calls.Nested;

    /// <summary>Of each memory.</summary>
    public TraceMemoryCounts[] Counts => [_calls.Counts with { Kind = "calls" }, _gates.Counts with { Kind = "gates" }, _models.Counts with { Kind = "models" }];

    /// <summary>Decides which of the spans count as calls, and what they lack.</summary>
    /// <param name="spans">A record's; spans are added where a call needs labels that none of them has.</param>
    /// <param name="now">Seconds; never 0, never falling.</param>
    public void Join(RecordSpans spans, uint now)
    {
        if (spans.Calls.IsEmpty)
        {
            return;
        }

        if (spans.HasCalls(CountedAs.Gateway))
        {
            DropDoubled(spans, now);
            AddGatewayUsage(spans);
        }

        _gates.Note(spans, now);
        _models.Join(spans, now);
        if (spans.HasCalls(CountedAs.Tool | CountedAs.Llm))
        {
            _calls.Join(spans, now);
        }
    }

    private static void AddGatewayUsage(RecordSpans spans)
    {
        foreach (ref readonly CallSpan call in spans.Calls)
        {
            if (call.Plan is { Class: SpanClass.Gateway, HasUsage: true })
            {
                int added = spans.Count;
                spans.AddUsage(spans[call.Span], call.Usage);
                spans.FillOwn(added, call.Span);
                spans.JoinedCalls?.Add(new JoinedCall([call.Span], added..spans.Count, CallFate.Counted, 0));
            }
        }
    }

    // A request of which the span counted, or the log record, is not counted again when the other one comes.
    private void DropDoubled(RecordSpans spans, uint now)
    {
        if (_requests is null)
        {
            return;
        }

        foreach (ref CallSpan call in spans.Calls)
        {
            if (call.Plan.Class == SpanClass.Gateway && call.Ids.Span != 0)
            {
                int seen = _requests.Put(call.Ids.Span, now);
                byte me = (spans[call.Span].Counted & CountedAs.Span) != 0 ? (byte)1 : (byte)2;
                if (_requests[seen] is not 0 and byte first && first != me)
                {
                    spans[call.Span].Counted &= CountedAs.Span | CountedAs.LogEvent;
                    call.Usage = Usage.None;
                }
                else
                {
                    _requests[seen] = me;
                }
            }
        }
    }
}
