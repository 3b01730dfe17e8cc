using SpanMetrics.Otlp;

namespace SpanMetrics.Generator;

/// <summary>
/// Endless OTLP traffic of the agents in <see cref="Cast"/>, as kitelogik emits it, the same for a seed. Many sessions
/// go on at once and take turns; a turn's spans (a chat, a tool call through the gate, a governance event) come
/// together, children first. What happens depends on the position in the stream, never on the clock; the clock only
/// moves the times. Not thread-safe.
/// </summary>
internal sealed class AgentTraffic
{
    private const int SessionsAtOnce = 32;

    // Incidents by unit (a chat, tool call or event: two and a half spans on average), so that at 500 spans/s a cycle
    // lasts 40 s: the engine is away from the 5th second to the 7th, a quiet tool is denied from the 12th to the 17th.
    private const int CycleUnits = 8_000;
    private const int EngineDownFrom = 1_000;
    private const int EngineDownUnits = 500;
    private const int SpikeFrom = 2_400;
    private const int SpikeUnits = 1_000;

    private const double SpikeDenied = 0.9;
    private const double SoftDenied = 0.15;
    private const double HeldButRun = 0.2;
    private const double EventHeld = 0.04;
    private const double GateRaises = 0.006;
    private const double SchemaRaises = 0.6;
    private const double TokenRunsOut = 0.03;
    private const double ToolRaises = 0.015;
    private const double ProviderFails = 0.005;
    private const double Injected = 0.02;
    private const double AsksToSpawn = 0.3;
    private const double EventInTurn = 0.15;

    // A refused connection comes back at once, an engine that hangs after the gate's timeout of 1 s.
    private const double HangsRatherThanRefuses = 0.7;

    /// <summary>Nanoseconds the gate itself spends between two of its spans.</summary>
    private const ulong Step = 20_000;

    /// <summary>Nanoseconds a span may have ended before its batch is written.</summary>
    private const int Lateness = 20_000_000;

    private static readonly byte[] Allowed = SpanEncoder.Attribute("kitelogik.allowed", true);
    private static readonly byte[] NotAllowed = SpanEncoder.Attribute("kitelogik.allowed", false);
    private static readonly byte[] EngineUnreachable = SpanEncoder.Error("OPA unreachable");
    private static readonly byte[] Unmodified =
        [.. SpanEncoder.Attribute("kitelogik.sanitizer.was_modified", false), .. SpanEncoder.Attribute("kitelogik.sanitizer.patterns_found", "")];
    private static readonly byte[] Redacted =
        [.. SpanEncoder.Attribute("kitelogik.sanitizer.was_modified", true), .. SpanEncoder.Attribute("kitelogik.sanitizer.patterns_found", "ignore_previous_instructions")];

    private readonly Scenario _scenarios;
    private readonly Scenario[] _incidents;
    private readonly Dice _dice;
    private readonly AgentSession[] _sessions = new AgentSession[SessionsAtOnce];
    private readonly SpanBacklog _backlog = new();
    private readonly SpanEncoder _spans;
    private long _units;

    /// <param name="scenarios">Names of <see cref="Scenarios"/>; none means all.</param>
    public AgentTraffic(int seed, IReadOnlyList<string> scenarios)
    {
        _scenarios = Generator.Scenarios.Parse(scenarios);
        _incidents = Array.FindAll(
            [Scenario.EngineDown, Scenario.DenySpike, Scenario.Approval, Scenario.Credential, Scenario.GateError], Has);
        _dice = new Dice(seed);
        _spans = _backlog.Encoder;
        Summary = new TrafficSummary(seed);
        for (int i = 0; i < _sessions.Length; i++)
        {
            _sessions[i] = NewSession();
        }
    }

    /// <summary>Of all batches written so far.</summary>
    public TrafficSummary Summary { get; }

    /// <summary>Writes one message with exactly <paramref name="spans"/> spans, which end at or a little before now. A trace may go on in the next one.</summary>
    public int WriteBatch(WireWriter to, int spans, ulong nowUnixNano)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(spans, 1);
        while (_backlog.Count < spans)
        {
            NextUnit(nowUnixNano);
        }
        _backlog.Write(to, spans, Summary);
        return spans;
    }

    private AgentSession NewSession()
    {
        int service = _dice.Below(Cast.Services.Length);
        var trace = new TraceId(_dice.NextId(), _dice.Next());
        ulong root = _dice.NextId();
        return new AgentSession
        {
            ServiceIndex = service,
            Model = _dice.Pick(Cast.Services[service].Models),
            Trace = trace,
            RootId = root,
            SessionAttribute = SpanEncoder.Attribute("kitelogik.session_id", $"sess-{root:x16}"),
            TokenAttribute = _dice.Chance(0.5) ? SpanEncoder.Attribute("kitelogik.token_id", $"tok_{trace.Low:x16}{root:x16}") : [],
            ToolTurns = 1 + _dice.Below(4),
            TokenValidTurns = _dice.Chance(TokenRunsOut) ? _dice.Below(3) : int.MaxValue,
            AsksToSpawn = _dice.Chance(AsksToSpawn),
        };
    }

    private void NextUnit(ulong now)
    {
        int slot = _dice.Below(SessionsAtOnce);
        AgentSession session = _sessions[slot];
        ulong end = now - (ulong)_dice.Below(Lateness);
        if (session.Failure is not null || session is { CallsLeft: 0 } && session.Turn > session.ToolTurns)
        {
            EndSession(session, end);
            _sessions[slot] = NewSession();
        }
        else if (session is { AsksToSpawn: true, Spawned: false })
        {
            session.Spawned = true;
            Verdict verdict = Event(session, GovernanceEvent.Spawn, end);
            session.Failure = verdict.Runs ? null : verdict.Raised ?? Failure.SpawnDenied;
        }
        else if (session.CallsLeft == 0)
        {
            Chat(session, end);
        }
        else
        {
            session.CallsLeft--;
            if (_dice.Chance(EventInTurn))
            {
                Event(session, _dice.Pick(GovernanceEvent.Running), end);
            }
            else
            {
                ToolCall(session, end);
            }
        }
        _units++;
    }

    private void EndSession(AgentSession session, ulong end)
    {
        end = Math.Max(end, session.LastEnd);
        ulong start = Math.Min(session.FirstStart, end - session.Busy) - Step;
        BeginSpan(session, SpanBacklog.Agent, session.RootId, 0, "agent_session"u8, start, end);
        _spans.Piece(session.SessionAttribute);
        _spans.Piece(session.Model.ModelAttribute);
        _spans.Piece(session.Service.UserRoleAttribute);
        _spans.Piece(session.TokenAttribute);
        Fail(session.Failure, end);
        EndSpan();
    }

    private void Chat(AgentSession session, ulong end)
    {
        AgentModel model = session.Model;
        bool last = session.Turn == session.ToolTurns;
        ulong start = end - _dice.Nanos(model.MedianMs, 0.5, 400, 8_000);
        session.Contains(start, end);
        BeginSpan(session, SpanBacklog.Agent, _dice.NextId(), session.RootId, "gen_ai.chat"u8, start, end);
        _spans.Piece(model.SystemAttribute);
        _spans.Piece(model.ModelAttribute);
        _spans.Attribute("kitelogik.iteration"u8, session.Turn);
        if (Has(Scenario.Normal) && _dice.Chance(ProviderFails))
        {
            session.Failure = Failure.Provider;
            Fail(session.Failure, end);
        }
        else
        {
            // Every turn sends the whole conversation again.
            _spans.Attribute("gen_ai.usage.input_tokens"u8, 350 + (420 * session.Turn) + _dice.Below(400));
            _spans.Attribute("gen_ai.usage.output_tokens"u8, 25 + _dice.Below(last ? 600 : 120));
            _spans.Piece(last ? model.EndFinishAttribute : model.ToolFinishAttribute);
        }
        EndSpan();
        session.Turn++;
        session.CallsLeft = last ? 0 : 1 + _dice.Below(2);
    }

    private Verdict Event(AgentSession session, GovernanceEvent kind, ulong end)
    {
        Verdict verdict = Decide(session, kind);
        ulong gate = _dice.NextId();
        ulong engine = verdict.Shape == GateShape.Unauthenticated ? 0 : EngineNanos(verdict);
        ulong start = end - engine - (2 * Step);
        session.Contains(start, end);
        if (engine > 0)
        {
            Engine(session, verdict, gate, "policy_gate.opa_evaluate_event"u8, start + Step, engine);
        }
        BeginSpan(session, SpanBacklog.Tether, gate, session.RootId, "policy_gate.evaluate_event"u8, start, end);
        _spans.Piece(session.Model.ModelAttribute);
        _spans.Piece(kind.Attributes);
        _spans.Piece(session.SessionAttribute);
        _spans.Piece(session.Service.UserRoleAttribute);
        _spans.Piece(verdict.Policy);
        _spans.Piece(verdict.Status);
        RecordException(verdict.Raised, end);
        EndSpan(DecisionOf(session, "none", kind.Type, verdict));
        return verdict;
    }

    private void ToolCall(AgentSession session, ulong end)
    {
        AgentTool tool = _dice.Pick(session.Service.Tools);
        Verdict verdict = Decide(session, tool);
        Failure? raised = verdict.Raised ?? (verdict.Runs && _dice.Chance(ToolRaises) ? Failure.Tool : null);
        ulong schema = verdict.Shape == GateShape.Unauthenticated ? 0 : _dice.Nanos(0.012, 0.6, 0.005, 0.3);
        ulong engine = verdict.Shape is GateShape.Unauthenticated or GateShape.SchemaRaised ? 0 : EngineNanos(verdict);
        ulong run = verdict.Runs ? _dice.Nanos(tool.MedianMs, 0.7, 5, 3_000) : 0;
        bool sanitizes = verdict.Runs && raised is null;
        ulong sanitize = sanitizes ? _dice.Nanos(0.05, 0.5, 0.02, 0.5) : 0;

        ulong gateNanos = schema + engine + (3 * Step);
        ulong start = end - gateNanos - run - sanitize - (3 * Step);
        ulong gateStart = start + Step;
        ulong gateEnd = gateStart + gateNanos;
        session.Contains(start, end);

        ulong adapter = _dice.NextId();
        ulong gate = _dice.NextId();
        if (schema > 0)
        {
            Schema(session, verdict, gate, gateStart + Step, schema);
        }
        if (engine > 0)
        {
            Engine(session, verdict, gate, "policy_gate.opa_evaluate"u8, gateStart + schema + (2 * Step), engine);
        }
        BeginSpan(session, SpanBacklog.Tether, gate, adapter, "policy_gate.evaluate"u8, gateStart, gateEnd);
        _spans.Piece(session.Model.ModelAttribute);
        _spans.Piece(tool.GateAttributes);
        _spans.Piece(session.SessionAttribute);
        _spans.Piece(session.Service.UserRoleAttribute);
        _spans.Piece(verdict.Policy);
        _spans.Piece(verdict.Status);
        RecordException(verdict.Raised, gateEnd);
        EndSpan(DecisionOf(session, tool.Name, "tool_call", verdict));
        if (sanitizes)
        {
            Sanitizer(session, adapter, gateEnd + run + Step, sanitize);
        }
        BeginSpan(session, SpanBacklog.Adapter, adapter, session.RootId, "kitelogik.adapter.tool_call"u8, start, end);
        _spans.Piece(session.Model.ModelAttribute);
        _spans.Piece(tool.AdapterAttributes);
        _spans.Piece(session.SessionAttribute);
        if (raised is null)
        {
            _spans.Piece(verdict.Runs ? Allowed : NotAllowed);
        }
        Fail(raised, end);
        EndSpan();
    }

    private void Schema(AgentSession session, Verdict verdict, ulong gate, ulong start, ulong nanos)
    {
        BeginSpan(session, SpanBacklog.Tether, _dice.NextId(), gate, "policy_gate.schema_validate"u8, start, start + nanos);
        _spans.Piece(session.Model.ModelAttribute);
        if (verdict.Shape == GateShape.SchemaRaised)
        {
            Fail(verdict.Raised, start + nanos);
        }
        else
        {
            Duration(nanos);
        }
        EndSpan();
    }

    private void Engine(AgentSession session, Verdict verdict, ulong gate, ReadOnlySpan<byte> name, ulong start, ulong nanos)
    {
        BeginSpan(session, SpanBacklog.Tether, _dice.NextId(), gate, name, start, start + nanos);
        _spans.Piece(session.Model.ModelAttribute);
        if (verdict.Shape == GateShape.EngineRaised)
        {
            Fail(verdict.Raised, start + nanos);
        }
        else
        {
            Duration(nanos);
        }
        if (verdict.Shape == GateShape.EngineDown)
        {
            _spans.Piece(EngineUnreachable);
        }
        EndSpan();
    }

    private void Sanitizer(AgentSession session, ulong adapter, ulong start, ulong nanos)
    {
        BeginSpan(session, SpanBacklog.Tether, _dice.NextId(), adapter, "policy_gate.sanitize_response"u8, start, start + nanos);
        _spans.Piece(session.Model.ModelAttribute);
        Duration(nanos);
        _spans.Piece(_dice.Chance(Injected) ? Redacted : Unmodified);
        EndSpan();
    }

    private Verdict Decide(AgentSession session, AgentTool tool)
    {
        bool quiet = Array.IndexOf(Cast.QuietTools, tool) >= 0;
        switch (IncidentOf(session))
        {
            case Scenario.EngineDown:
                return Verdict.EngineDown;
            case Scenario.Credential:
                return Verdict.InvalidToken;
            case Scenario.GateError:
                return _dice.Chance(SchemaRaises) ? Verdict.ArgumentsInvalid : Verdict.AnswerTorn;
            case Scenario.Approval:
                return _dice.Chance(HeldButRun) ? tool.Verdicts.HoldButRun : tool.Verdicts.Hold;
            case Scenario.DenySpike:
                return quiet ? tool.Verdicts.HardDeny : tool.Verdicts.Allow;
        }
        if (Has(Scenario.DenySpike) && tool == SpikeTool() && _dice.Chance(SpikeDenied))
        {
            return tool.Verdicts.HardDeny;
        }
        if (Has(Scenario.Approval) && _dice.Chance(tool.Hold))
        {
            return _dice.Chance(HeldButRun) ? tool.Verdicts.HoldButRun : tool.Verdicts.Hold;
        }
        if (_dice.Chance(tool.Deny * session.Model.Misbehaves))
        {
            return _dice.Chance(SoftDenied) ? tool.Verdicts.SoftDeny : tool.Verdicts.HardDeny;
        }
        return tool.Verdicts.Allow;
    }

    private Verdict Decide(AgentSession session, GovernanceEvent kind)
    {
        switch (IncidentOf(session))
        {
            case Scenario.EngineDown:
                return Verdict.EngineDown;
            case Scenario.Credential:
                return Verdict.InvalidTokenOfEvent;
            case Scenario.GateError:
                return Verdict.AnswerTorn;   // events have no arguments to validate
            case Scenario.Approval:
                return kind.Hold;
            case Scenario.DenySpike:
                return kind.Allow;
        }
        if (Has(Scenario.Approval) && _dice.Chance(EventHeld))
        {
            return kind.Hold;
        }
        return _dice.Chance(kind.Denied) ? kind.HardDeny : kind.Allow;
    }

    /// <summary>Which scenario this decision falls to before anyone looks at the tool; `Normal` if none.</summary>
    private Scenario IncidentOf(AgentSession session)
    {
        if (!Has(Scenario.Normal))
        {
            return _dice.Pick(_incidents);
        }
        if (Has(Scenario.EngineDown) && InWindow(EngineDownFrom, EngineDownUnits))
        {
            return Scenario.EngineDown;
        }
        if (Has(Scenario.Credential) && session.Turn > session.TokenValidTurns)
        {
            return Scenario.Credential;
        }
        return Has(Scenario.GateError) && _dice.Chance(GateRaises) ? Scenario.GateError : Scenario.Normal;
    }

    private AgentTool? SpikeTool() =>
        InWindow(SpikeFrom, SpikeUnits) ? Cast.QuietTools[_units / CycleUnits % Cast.QuietTools.Length] : null;

    private bool InWindow(int from, int units) => _units % CycleUnits - from is long at && at >= 0 && at < units;

    private bool Has(Scenario scenario) => (_scenarios & scenario) != 0;

    private ulong EngineNanos(Verdict verdict)
    {
        if (verdict.Shape != GateShape.EngineDown)
        {
            return _dice.Nanos(1.6, 0.6, 0.25, 7.6);
        }
        return _dice.Chance(HangsRatherThanRefuses) ? _dice.Nanos(1_004, 0.004, 1_000, 1_080) : _dice.Nanos(0.5, 0.2, 0.3, 2);
    }

    private static Decision DecisionOf(AgentSession session, string tool, string kind, Verdict verdict) =>
        new(session.Service.Name, tool, session.Model.Name, verdict.RiskTier, verdict.Outcome, verdict.Reason, kind);

    private void BeginSpan(AgentSession session, int scope, ulong id, ulong parent, ReadOnlySpan<byte> name, ulong start, ulong end)
    {
        _backlog.BeginSpan(session.ServiceIndex, scope);
        _spans.Begin(session.Trace, id, parent, name, start, end);
    }

    private void EndSpan(Decision? decision = null)
    {
        _spans.End();
        _backlog.EndSpan(decision);
    }

    /// <summary>Milliseconds with three decimals, as kitelogik rounds them.</summary>
    private void Duration(ulong nanos) => _spans.Attribute("kitelogik.duration_ms"u8, Math.Round(nanos / 1e6, 3));

    private void Fail(Failure? failure, ulong time)
    {
        if (failure is not null)
        {
            RecordException(failure, time);
            _spans.Piece(failure.Status);
        }
    }

    private void RecordException(Failure? failure, ulong time)
    {
        if (failure is not null)
        {
            _spans.Exception(failure.Exception, time);
        }
    }
}
