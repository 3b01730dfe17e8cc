using System.Runtime.CompilerServices;
using SpanMetrics.Otlp;

namespace SpanMetrics.Semantics;

/// <summary>
/// Says what a span means: its class, what was decided, and every dimension with the place it came from.
/// Knows kitelogik 0.0.1 to 0.4.0. Holds scratch for one span at a time: owned by one worker.
/// </summary>
internal sealed class SpanClassifier(bool adjustedCounts = true)
{
    private const int ScratchBytes = 32;

    // Numbers given as names are printed here, until the next span.
    private readonly byte[] _service = new byte[ScratchBytes];
    private readonly byte[] _agent = new byte[ScratchBytes];
    private readonly byte[] _model = new byte[ScratchBytes];
    private readonly byte[] _event = new byte[ScratchBytes];
    private readonly byte[] _tool = new byte[ScratchBytes];
    private readonly byte[] _tier = new byte[ScratchBytes];

    // Not inlined into the decoder, whose own variables would leave their registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Classify(in SpanView span, out ClassifiedSpan classified)
    {
        classified = default;
        classified.Kind = span.Kind;
        classified.Status = span.Status;
        classified.Weight = adjustedCounts ? AdjustedCount.Of(span.TraceState) : 1;
        classified.SpanName = span.Name.IsEmpty ? "unknown"u8 : span.Name;
        classified.DurationNanos = span.HasDuration ? span.DurationNanos : null;
        classified.Source = span.ScopeName.StartsWith("kitelogik."u8) ? Emitter.Kitelogik : Emitter.Other;

        AttributeSlots attributes = span.Attributes;
        bool? allow = attributes.BoolOf(Keys.PolicyAllow);
        bool? deny = attributes.BoolOf(Keys.PolicyDeny);
        bool? hitl = attributes.BoolOf(Keys.PolicyRequiresHitl);
        classified.Class = ClassOf(span, allow.HasValue || deny.HasValue || hitl.HasValue, classified.Source);

        ServiceAndAgent(span, ref classified);
        Model(attributes, ref classified);
        Event(span, ref classified);
        Tool(span, ref classified);
        if (classified.Class == SpanClass.Decision)
        {
            Decide(span, allow, deny, hitl, ref classified);
        }
    }

    private static SpanClass ClassOf(in SpanView span, bool hasPolicy, Emitter source)
    {
        if (hasPolicy)
        {
            return SpanClass.Decision;
        }

        if (source != Emitter.Kitelogik)
        {
            return SpanClass.Other;
        }

        ReadOnlySpan<byte> name = span.Name;
        return name.SequenceEqual("policy_gate.evaluate"u8) || name.SequenceEqual("policy_gate.evaluate_event"u8) ? SpanClass.Decision
            : name.SequenceEqual("policy_gate.schema_validate"u8) || name.StartsWith("policy_gate.opa_evaluate"u8) ? SpanClass.Step
            : name.SequenceEqual("policy_gate.sanitize_response"u8) ? SpanClass.Sanitizer
            : name.SequenceEqual("kitelogik.adapter.tool_call"u8) ? SpanClass.Tool
            : name.SequenceEqual("gen_ai.chat"u8) ? SpanClass.Llm
            : name.SequenceEqual("agent_session"u8) ? SpanClass.Agent
            : SpanClass.Other;
    }

    // A deny beats a hold, and a hold beats an allow: the bundled policy sets requires_hitl on many of its hard denies,
    // and allow together with requires_hitl on what a manager may do once a human agreed.
    private void Decide(in SpanView span, bool? allow, bool? deny, bool? hitl, ref ClassifiedSpan classified)
    {
        bool engineAway = span.StatusMessage.StartsWith("OPA unreachable"u8);
        bool badToken = span.StatusMessage.SequenceEqual("Invalid session token"u8);
        if (deny == true || (allow == false && hitl != true))
        {
            classified.Outcome = Outcome.Deny;
            classified.Reason = badToken ? Reason.Credential : engineAway ? Reason.EngineUnavailable : Reason.Policy;
            classified.OutcomeFrom = new Origin(OriginKind.Attribute, deny == true ? Keys.PolicyDeny : Keys.PolicyAllow);
        }
        else if (hitl == true)
        {
            classified.Outcome = Outcome.Hitl;
            classified.Reason = Reason.Approval;
            classified.OutcomeFrom = new Origin(OriginKind.Attribute, Keys.PolicyRequiresHitl);
        }
        else if (allow == true)
        {
            classified.Outcome = Outcome.Allow;
            classified.OutcomeFrom = new Origin(OriginKind.Attribute, Keys.PolicyAllow);
        }
        else if (engineAway || badToken)
        {
            // The gate fails closed: with its engine away it denies and writes no policy attribute at all.
            classified.Outcome = Outcome.Deny;
            classified.Reason = badToken ? Reason.Credential : Reason.EngineUnavailable;
            classified.OutcomeFrom = new Origin(OriginKind.StatusMessage);
        }
        else if (span.Status == SpanStatus.Error)
        {
            classified.Outcome = Outcome.Error;
            classified.Reason = Reason.Other;
            classified.OutcomeFrom = new Origin(OriginKind.Status);
        }

        classified.RiskTier = DimensionText.ParseRiskTier(span.Attributes.TextOf(Keys.PolicyRiskTier, _tier));
        if (classified.RiskTier != RiskTier.None)
        {
            classified.RiskTierFrom = new Origin(OriginKind.Attribute, Keys.PolicyRiskTier);
        }
        else if (engineAway || badToken)
        {
            // kitelogik's own decision has this tier; the span just does not carry it.
            classified.RiskTier = RiskTier.SecurityCritical;
            classified.RiskTierFrom = new Origin(OriginKind.StatusMessage);
        }
    }

    private void ServiceAndAgent(in SpanView span, ref ClassifiedSpan classified)
    {
        ReadOnlySpan<byte> service = span.Resource.TextOf(Keys.ServiceName, _service);
        if (!service.IsEmpty)
        {
            classified.ServiceNameFrom = classified.AgentFrom = new Origin(OriginKind.Resource, Keys.ServiceName);
        }

        classified.ServiceName = classified.Agent = service.IsEmpty ? "unknown"u8 : service;
        ReadOnlySpan<byte> agent = First(span.Attributes, Keys.GenAiAgentName, Keys.AgentName, _agent, out Origin from);
        if (!agent.IsEmpty)
        {
            classified.Agent = agent;
            classified.AgentFrom = from;
        }
    }

    private void Model(AttributeSlots attributes, ref ClassifiedSpan classified)
    {
        ReadOnlySpan<byte> model = First(attributes, Keys.RequestModel, Keys.ResponseModel, _model, out classified.ModelFrom);
        if (model.StartsWith("models/"u8))
        {
            model = model["models/"u8.Length..];
        }

        classified.Model = !model.IsEmpty ? model : classified.Class == SpanClass.Llm ? "unknown"u8 : "none"u8;
    }

    private void Event(in SpanView span, ref ClassifiedSpan classified)
    {
        if (classified.Class != SpanClass.Decision)
        {
            classified.Event = "none"u8;
            return;
        }

        ReadOnlySpan<byte> type = span.Attributes.TextOf(Keys.EventType, _event);
        classified.Event = type.IsEmpty ? "tool_call"u8 : type;
        classified.EventFrom = type.IsEmpty ? new Origin(OriginKind.SpanName) : new Origin(OriginKind.Attribute, Keys.EventType);
    }

    private void Tool(in SpanView span, ref ClassifiedSpan classified)
    {
        classified.Tool = "none"u8;
        if (classified.Class is not (SpanClass.Decision or SpanClass.Tool))
        {
            return;
        }

        bool isToolCall = classified.Class == SpanClass.Tool || classified.Event.SequenceEqual("tool_call"u8);
        ReadOnlySpan<byte> tool = First(span.Attributes, Keys.GateToolName, Keys.AdapterToolName, _tool, out classified.ToolFrom);
        if (tool.IsEmpty && isToolCall && classified.Class == SpanClass.Decision)
        {
            tool = First(span.Attributes, Keys.Action, Keys.Action, _tool, out classified.ToolFrom);
        }

        if (!tool.IsEmpty)
        {
            classified.Tool = tool;
        }
        else if (isToolCall)
        {
            classified.Tool = "unknown"u8;
        }
    }

    private static ReadOnlySpan<byte> First(AttributeSlots attributes, short slot, short otherwise, byte[] scratch, out Origin from)
    {
        ReadOnlySpan<byte> text = attributes.TextOf(slot, scratch);
        from = new Origin(OriginKind.Attribute, slot);
        if (text.IsEmpty)
        {
            text = attributes.TextOf(otherwise, scratch);
            from = text.IsEmpty ? default : new Origin(OriginKind.Attribute, otherwise);
        }

        return text;
    }
}
