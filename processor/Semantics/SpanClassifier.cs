using System.Runtime.CompilerServices;
using System.Text;
using SpanMetrics.Otlp;

namespace SpanMetrics.Semantics;

/// <summary>
/// Says what a span means, by the rules of all emitters. Rules are asked once for each shape of spans (<see cref="SpanPlan"/>): what they cost
/// does not depend on how many there are. Holds scratch for one span at a time: owned by one worker.
/// </summary>
internal sealed class SpanClassifier
{
    private const int RecentPlaces = 128;

    private readonly RuleBook _book;
    private readonly SymbolTable _symbols;
    private readonly bool _adjustedCounts;
    private readonly GatewayDecisions _gatewayDecisions;
    private readonly OwnDimensions? _own;
    private readonly bool _countsBytes;
    private readonly PlanMaker _maker;
    private readonly SpanRecogniser _recogniser;
    private readonly SourceReader _reader = new();
    private readonly RecentTexts<int> _services = new(RecentPlaces), _tiers = new(RecentPlaces);
    private readonly byte[] _scratch = new byte[AttributeValue.ScratchBytes];
    private int _service; // of the resource that was met last

    /// <param name="book">The rules.</param>
    /// <param name="symbols">The worker's.</param>
    /// <param name="adjustedCounts">Whether a sampled span counts as many as it stands for.</param>
    /// <param name="gatewayDecisions">Where a gateway's are read.</param>
    /// <param name="own">Dimensions that the configuration adds; null where there are none.</param>
    /// <param name="countsBytes">Whether anybody counts <see cref="CountedAs.SpanBytes"/>.</param>
    public SpanClassifier(
        RuleBook book, SymbolTable symbols, bool adjustedCounts, GatewayDecisions gatewayDecisions, OwnDimensions? own = null, bool countsBytes = false)
    {
        _own = own;
        _countsBytes = countsBytes;
        _book = book;
        _symbols = symbols;
        _adjustedCounts = adjustedCounts;
        _gatewayDecisions = gatewayDecisions;
        _maker = new PlanMaker(book, symbols);
        _recogniser = new SpanRecogniser(book, _maker, symbols);
    }

    /// <summary>Adds the span to those that wait to be counted; what it was taken for.</summary>
    // Not inlined into the decoder, whose own variables would leave their registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public SpanPlan Classify(in SpanView span, RecordSpans to)
    {
        SpanPlan plan = Recognise(span, isLog: false);
        int index = to.Count;
        ref ClassifiedSpan classified = ref to.Add();
        classified.Counted = CountedAs.Span | (plan.IsCall ? CountedAs.Nothing : plan.Counted);
        classified.Weight = _adjustedCounts ? AdjustedCount.Of(span.TraceState) : 1;
        classified.DurationNanos = span.HasDuration ? (long)Math.Min(span.DurationNanos, long.MaxValue) : ClassifiedSpan.NoDuration;
        classified.Text[(int)Dimension.SpanName] = _recogniser.Name;
        uint weak = Fill(span, plan, ref classified);
        _own?.Read(span, to.OwnOf(index));
        if (plan.Class == SpanClass.Gateway && _gatewayDecisions == GatewayDecisions.Logs)
        {
            classified.Counted = CountedAs.Span;
        }
        else if (plan.IsAsked)
        {
            Note(span, plan, index, weak, to);
        }

        if (_countsBytes)
        {
            AddBytes(span.Bytes, index, to);
        }

        return plan;
    }

    /// <summary>The same for a log record; null when it is not counted.</summary>
    public SpanPlan? Classify(in LogRecordView log, RecordSpans to)
    {
        SpanView span = log.AsSpan;
        SpanPlan plan = Recognise(span, isLog: true);
        ReadOnlySpan<byte> name = log.EventName.IsEmpty ? log.Attributes.TextOf(_book.EventName, _scratch) : log.EventName;
        bool isGateway = plan.Class == SpanClass.Gateway && _gatewayDecisions != GatewayDecisions.Spans;
        if (name.IsEmpty && !isGateway)
        {
            return null;
        }

        int index = to.Count;
        ref ClassifiedSpan classified = ref to.Add();
        classified.Counted = (name.IsEmpty ? CountedAs.Nothing : CountedAs.LogEvent) | (isGateway ? CountedAs.Decision | CountedAs.Gateway : CountedAs.Nothing);
        classified.Weight = 1;
        classified.DurationNanos = ClassifiedSpan.NoDuration;
        classified.Text[(int)Dimension.SpanName] = _maker.None;
        uint weak = Fill(span, plan, ref classified);
        _own?.Read(span, to.OwnOf(index));
        if (!name.IsEmpty)
        {
            classified.Text[(int)Dimension.Event] = _symbols.Intern(name);
        }

        if (isGateway)
        {
            Note(span, plan, index, weak, to);
        }

        return plan;
    }

    private SpanPlan Recognise(in SpanView span, bool isLog)
    {
        if (_recogniser.IsNewScope(span))
        {
            _service = _services.TryGet(span.Resource.RawOf(_book.ServiceName), out int known) ? known : ReadService(span);
        }

        return _recogniser.PlanOf(span, isLog);
    }

    // Returns a bit for each dimension whose value is a default.
    private uint Fill(in SpanView span, SpanPlan plan, ref ClassifiedSpan classified)
    {
        uint weak = plan.Weak;
        int spanName = classified.Text[(int)Dimension.SpanName];
        classified.Closed = plan.Closed;
        classified.Text = plan.Template;
        classified.Text[(int)Dimension.ServiceName] = _service;
        classified.Text[(int)Dimension.SpanName] = spanName;
        if (plan.IsAgentService)
        {
            classified.Text[(int)Dimension.Agent] = _service;
        }

        foreach (ref readonly PlannedText text in plan.Reads.AsSpan())
        {
            int symbol = TextOf(text, plan, span);
            if (symbol >= 0)
            {
                int dimension = (int)FieldText.DimensionOf(text.Field);
                classified.Text[dimension] = symbol;
                weak = symbol == _maker.Unknown ? weak | (1u << dimension) : weak & ~(1u << dimension); // unknown says nothing, whoever says it
            }
        }

        if (plan.Class == SpanClass.Decision || plan.IsContentAsked)
        {
            OutcomeRule? decided = plan.IsContentAsked ? DecideByContent(span, plan, ref classified) : plan.OutcomeRule;
            RiskTier tier = plan.Numbers[(int)Field.RiskTier] < 0 ? RiskTier.None : TierOf(plan, span);
            tier = tier == RiskTier.None && decided is not null ? decided.RiskTier : tier;
            classified.Closed |= ClosedValues.Place(Dimension.RiskTier, (int)tier);
        }

        if (plan.Class == SpanClass.Sanitizer)
        {
            bool? modified = ModifiedOf(plan, span);
            classified.Closed |= ClosedValues.Place(Dimension.Modified, modified switch { null => 1, false => 2, true => 3 });
        }

        if (plan.Class == SpanClass.Gateway)
        {
            FillGateway(ref classified);
        }

        return weak;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool? ModifiedOf(SpanPlan plan, in SpanView span)
    {
        int slot = plan.PlainSlots[(int)Field.Modified];
        bool? modified = slot >= 0 ? span.Attributes.BoolOf(slot) : null;
        return modified ?? (plan.Numbers[(int)Field.Modified] < 0 ? null : SourceReader.Bool(Field.Modified, plan, span));
    }

    // A gateway lets all sorts of requests pass: which tool it names makes it a tool call, which model a model call.
    private void FillGateway(ref ClassifiedSpan classified)
    {
        if (classified.Text[(int)Dimension.Tool] != _maker.None && classified.Text[(int)Dimension.Event] == _maker.None)
        {
            classified.Text[(int)Dimension.Event] = _maker.ToolCall;
        }

        classified.Counted |= CountedAs.Decision;
        if (classified.Text[(int)Dimension.Model] != _maker.None)
        {
            classified.Counted |= CountedAs.Llm;
        }
    }

    // What is looked up anew is in methods that are not inlined: each span would pay for their variables.

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int TextOf(in PlannedText planned, SpanPlan plan, in SpanView span) =>
        planned.Recent!.TryGet(RawOf(planned, span), out int known) ? known : ReadText(planned, plan, span);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Excerpt RawOf(in PlannedText planned, in SpanView span) =>
        planned.IsOfResource ? span.Resource.RawOf(planned.Slot) : planned.Slot >= 0 ? span.Attributes.RawOf(planned.Slot) : span.NameExcerpt;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int ReadText(in PlannedText planned, SpanPlan plan, in SpanView span)
    {
        ReadOnlySpan<byte> text = _reader.TextOf(planned.Field, plan, planned.Source, span);
        if (!text.IsEmpty)
        {
            return Remember(planned.Recent!, RawOf(planned, span).Bytes, text);
        }

        ReadOnlySpan<byte> found = _reader.Text(planned.Field, plan, span);
        return found.IsEmpty ? -1 : _symbols.Intern(found);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int ReadService(in SpanView span)
    {
        ReadOnlySpan<byte> text = Missing.Or(span.Resource.TextOf(_book.ServiceName, _scratch));
        return text.IsEmpty ? _maker.Unknown : Remember(_services, span.Resource.RawOf(_book.ServiceName).Bytes, text, isService: true);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Remember(RecentTexts<int> recent, ReadOnlySpan<byte> raw, ReadOnlySpan<byte> text, bool isService = false)
    {
        int symbol = _symbols.Intern(text, isService);
        if (_symbols.MayRemember(symbol))
        {
            recent.Put(raw, symbol);
        }

        return symbol;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private RiskTier TierOf(SpanPlan plan, in SpanView span)
    {
        int slot = plan.PlainSlots[(int)Field.RiskTier];
        return slot >= 0 && _tiers.TryGet(span.Attributes.RawOf(slot), out int known) ? (RiskTier)known : ReadTier(slot, plan, span);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private RiskTier ReadTier(int slot, SpanPlan plan, in SpanView span)
    {
        ReadOnlySpan<byte> text = slot < 0 ? default : Missing.Or(span.Attributes.TextOf(slot, _scratch));
        if (text.IsEmpty)
        {
            return DimensionText.ParseRiskTier(_reader.Text(Field.RiskTier, plan, span));
        }

        RiskTier tier = DimensionText.ParseRiskTier(text);
        if (tier != RiskTier.None) // anything else may be a secret
        {
            _tiers.Put(span.Attributes.RawOf(slot).Bytes, (int)tier);
        }

        return tier;
    }

    // What the trace context must know of it.
    private void Note(in SpanView span, SpanPlan plan, int index, uint weak, RecordSpans to)
    {
        if (plan.Role == CallRole.Tokens)
        {
            to[index].Counted = CountedAs.Span;
            int added = to.Count;
            to.AddUsage(to[index], UsageOf(span, plan));
            to.FillOwn(added, index);
            return;
        }

        ref CallSpan call = ref to.AddCall(plan.Class);
        call.Span = index;
        call.Plan = plan;
        call.Ids = TraceIds.Of(span.TraceId, span.SpanId, span.ParentSpanId);
        call.Conversation = plan.Numbers[(int)Field.Conversation] < 0 ? 0 : ConversationOf(FirstText(Field.Conversation, plan, span));
        call.StartUnixNano = span.StartUnixNano;
        call.EndUnixNano = span.EndUnixNano;
        if (plan.HasUsage || plan.IsCall)
        {
            call.Usage = UsageOf(span, plan);
        }

        call.Weak = weak;
    }

    private static ulong ConversationOf(ReadOnlySpan<byte> text) => text.IsEmpty ? 0 : KeyedHash.Of(text);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddBytes(int bytes, int index, RecordSpans to)
    {
        int at = to.Count;
        ref ClassifiedSpan added = ref to.Add();
        added = to[index];
        added.Counted = CountedAs.SpanBytes;
        added.Weight = bytes; // those that came, not those that a sampler left out
        added.DurationNanos = ClassifiedSpan.NoDuration;
        to.FillOwn(at, index);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ReadOnlySpan<byte> FirstText(Field field, SpanPlan plan, in SpanView span)
    {
        ReadOnlySpan<byte> text = plan.PlainSlots[(int)field] < 0 ? default : Missing.Or(span.Attributes.TextOf(plan.PlainSlots[(int)field], _scratch));
        return text.IsEmpty ? _reader.Text(field, plan, span) : text;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Usage UsageOf(in SpanView span, SpanPlan plan)
    {
        Usage usage = Usage.None;
        if (plan.HasUsage)
        {
            for (int i = 0; i < Usage.Length; i++)
            {
                Field field = Field.InputTokens + i;
                if (plan.Numbers[(int)field] >= 0)
                {
                    int slot = plan.PlainSlots[(int)field];
                    double said = slot >= 0 ? SourceReader.Believed(field, span.Attributes[slot].AsNumber()) : -1;
                    said = said >= 0 ? said : _reader.Number(field, plan, span);
                    usage[i] = said > 0 ? said : -1; // none is nothing to count, and another span of the call may know better
                }
            }
        }

        return usage;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private OutcomeRule? DecideByContent(in SpanView span, SpanPlan plan, ref ClassifiedSpan classified)
    {
        Decide(span, plan, classified, out OutcomeRule? outcome, out OutcomeRule? status);
        classified.Closed = PlanMaker.Closed(classified.Closed, outcome, status?.Status ?? span.Status);
        return outcome;
    }

    /// <summary>The rules that said the outcome and the status of a span, its content asked too.</summary>
    public void Decide(in SpanView span, SpanPlan plan, in ClassifiedSpan classified, out OutcomeRule? outcome, out OutcomeRule? status)
    {
        FactSet facts = plan.Facts;
        ReadOnlySpan<byte> tool = _symbols.TextOf(classified.Text[(int)Dimension.Tool]);
        foreach ((int fact, FactTest test, int slot) in _book.Content)
        {
            ReadOnlySpan<byte> content = slot >= 0 ? span.Attributes[slot].AsContent() : span.StatusMessage;
            if (!content.IsEmpty && test.Matches(content, tool))
            {
                facts.Add(fact);
            }
        }

        PlanMaker.Decide(plan.Emitter, plan.Class, facts, out outcome, out status);
    }
}
