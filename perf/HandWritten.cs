using SpanMetrics.Configuration;
using SpanMetrics.Otlp;
using SpanMetrics.Semantics;

namespace SpanMetrics.Perf;

/// <summary>
/// What the rules say of kitelogik's gate spans, written by hand as a switch and some conditions: what asking rules is measured against.
/// Says the same of <see cref="AgentSpans"/>, field by field, but for the plan, which it has none of.
/// </summary>
internal sealed class HandWritten
{
    private const int RecentPlaces = 128;

    private readonly SymbolTable _symbols;
    private readonly RecentTexts<int>[] _recent = [.. Enumerable.Range(0, ClassifiedSpan.Symbols.Length).Select(_ => new RecentTexts<int>(RecentPlaces))]; // by dimension
    private readonly RecentTexts<int> _tiers = new(RecentPlaces);
    private readonly byte[] _scratch = new byte[AttributeValue.ScratchBytes];
    private readonly int _none, _unknown, _toolCall, _kitelogik, _decision;
    private readonly int _serviceName, _allow, _deny, _hitl, _tier, _tool, _adapterTool, _genAiAgent, _agent, _model, _responseModel, _eventType;

    // Of the scope that was met last.
    private ulong _scopeNumber;
    private int _service;

    public HandWritten(SymbolTable symbols)
    {
        _symbols = symbols;
        _none = symbols.InternOwn("none");
        _unknown = symbols.InternOwn("unknown");
        _toolCall = symbols.InternOwn("tool_call");
        _kitelogik = symbols.InternOwn("kitelogik");
        _decision = symbols.InternOwn("decision");
        AttributeSelector selector = Emitters.Rules.Selector;
        int Slot(string key) => Enumerable.Range(0, selector.Count).First(slot => selector.NameOf(slot) == key);
        _serviceName = Slot("service.name");
        _allow = Slot("kitelogik.policy.allow");
        _deny = Slot("kitelogik.policy.deny");
        _hitl = Slot("kitelogik.policy.requires_hitl");
        _tier = Slot("kitelogik.policy.risk_tier");
        _tool = Slot("kitelogik.tool_name");
        _adapterTool = Slot("kitelogik.tool.name");
        _genAiAgent = Slot("gen_ai.agent.name");
        _agent = Slot("agent.name");
        _model = Slot("gen_ai.request.model");
        _responseModel = Slot("gen_ai.response.model");
        _eventType = Slot("kitelogik.event_type");
    }

    public void Classify(in SpanView span, RecordSpans to)
    {
        if (!span.ScopeName.StartsWith("kitelogik."u8) || !span.Name.SequenceEqual("policy_gate.evaluate"u8))
        {
            throw new NotSupportedException("only what the agent spans are");
        }

        AttributeSlots attributes = span.Attributes;
        int index = to.Count;
        ref ClassifiedSpan classified = ref to.Add();
        classified.Counted = CountedAs.Span | CountedAs.Decision;
        classified.Weight = AdjustedCount.Of(span.TraceState);
        classified.DurationNanos = span.HasDuration ? (long)Math.Min(span.DurationNanos, long.MaxValue) : ClassifiedSpan.NoDuration;
        bool? allow = attributes.BoolOf(_allow), deny = attributes.BoolOf(_deny), hitl = attributes.BoolOf(_hitl);
        bool engineAway = span.StatusMessage.StartsWith("OPA unreachable"u8), badToken = span.StatusMessage.SequenceEqual("Invalid session token"u8);
        Outcome outcome = deny == true ? Outcome.Deny : hitl == true ? Outcome.Hitl : allow == true ? Outcome.Allow
            : engineAway || badToken || allow == false ? Outcome.Deny : span.Status == SpanStatus.Error ? Outcome.Error : Outcome.None;
        Reason reason = outcome switch
        {
            Outcome.Deny => badToken ? Reason.Credential : engineAway ? Reason.EngineUnavailable : Reason.Policy,
            Outcome.Hitl => Reason.Approval,
            Outcome.Error => Reason.Other,
            _ => Reason.None,
        };
        RiskTier tier = TierOf(attributes);
        tier = tier == RiskTier.None && (engineAway || badToken) ? RiskTier.SecurityCritical : tier;
        classified.Closed = ClosedValues.Place(Dimension.SpanKind, (int)span.Kind) | ClosedValues.Place(Dimension.StatusCode, (int)span.Status)
            | ClosedValues.Place(Dimension.Status, (int)span.Status) | ClosedValues.Place(Dimension.Outcome, (int)outcome)
            | ClosedValues.Place(Dimension.Deny, outcome == Outcome.Deny ? 1 : 0) | ClosedValues.Place(Dimension.Reason, (int)reason)
            | ClosedValues.Place(Dimension.RiskTier, (int)tier);

        if (span.ScopeNumber != _scopeNumber)
        {
            _scopeNumber = span.ScopeNumber;
            ReadOnlySpan<byte> name = span.Resource.TextOf(_serviceName, _scratch);
            _service = name.IsEmpty ? _unknown : _symbols.Intern(name, isService: true);
        }

        classified.Text[(int)Dimension.ServiceName] = _service;
        classified.Text[(int)Dimension.SpanName] = NameOf(span);
        classified.Text[(int)Dimension.Agent] = Text(Dimension.Agent, attributes, _genAiAgent, _agent, _service);
        classified.Text[(int)Dimension.Tool] = Text(Dimension.Tool, attributes, _tool, _adapterTool, _unknown);
        classified.Text[(int)Dimension.Model] = Text(Dimension.Model, attributes, _model, _responseModel, _none);
        classified.Text[(int)Dimension.Provider] = _none;
        classified.Text[(int)Dimension.Operation] = _decision;
        classified.Text[(int)Dimension.Target] = _none;
        classified.Text[(int)Dimension.Event] = Text(Dimension.Event, attributes, _eventType, _eventType, _toolCall);
        classified.Text[(int)Dimension.Source] = _kitelogik;

        // What the trace context is told of it.
        ref CallSpan call = ref to.AddCall(SpanClass.Decision);
        call.Span = index;
        call.Ids = TraceIds.Of(span.TraceId, span.SpanId, span.ParentSpanId);
        call.Conversation = 0;
        call.StartUnixNano = span.StartUnixNano;
        call.EndUnixNano = span.EndUnixNano;
        call.Weak = 0;
    }

    private int NameOf(in SpanView span)
    {
        RecentTexts<int> recent = _recent[(int)Dimension.SpanName];
        if (!recent.TryGet(span.NameExcerpt, out int symbol))
        {
            symbol = _symbols.Intern(span.Name);
            recent.Put(span.Name, symbol);
        }

        return symbol;
    }

    private int Text(Dimension dimension, AttributeSlots attributes, int slot, int otherwise, int missing)
    {
        slot = attributes.Present.Has(slot) ? slot : otherwise;
        Excerpt raw = attributes.RawOf(slot);
        if (raw.Length == 0)
        {
            return missing;
        }

        RecentTexts<int> recent = _recent[(int)dimension];
        if (!recent.TryGet(raw, out int symbol))
        {
            ReadOnlySpan<byte> text = attributes.TextOf(slot, _scratch);
            if (dimension == Dimension.Model && text.StartsWith("models/"u8))
            {
                text = text["models/"u8.Length..];
            }

            symbol = _symbols.Intern(text);
            recent.Put(raw.Bytes, symbol);
        }

        return symbol;
    }

    private RiskTier TierOf(AttributeSlots attributes)
    {
        Excerpt raw = attributes.RawOf(_tier);
        if (!_tiers.TryGet(raw, out int tier))
        {
            tier = (int)DimensionText.ParseRiskTier(attributes.TextOf(_tier, _scratch));
            _tiers.Put(raw.Bytes, tier);
        }

        return (RiskTier)tier;
    }
}
