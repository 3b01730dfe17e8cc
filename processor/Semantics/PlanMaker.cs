using SpanMetrics.Otlp;

namespace SpanMetrics.Semantics;

/// <summary>Asks all rules about a span, once for each shape of spans. Not thread-safe: owned by one worker, whose symbols it gives out.</summary>
internal sealed class PlanMaker
{
    /// <summary>In place of a symbol: the service's name.</summary>
    public const int Service = -1;

    private const int RecentPlaces = 128;

    private static readonly (Field Field, CountedAs Classes)[] WantedTexts =
    [
        (Field.Agent, ~CountedAs.Nothing),
        (Field.Tool, CountedAs.Decision | CountedAs.Gateway | CountedAs.McpServer | CountedAs.Tool),
        (Field.Model, ~(CountedAs.Agent | CountedAs.Delegation)),
        (Field.Provider, CountedAs.Gateway | CountedAs.Llm | CountedAs.LogEvent),
        (Field.Operation, CountedAs.Gateway | CountedAs.Llm | CountedAs.Agent | CountedAs.Tool),
        (Field.Target, CountedAs.Delegation),
        (Field.Event, CountedAs.Decision | CountedAs.Gateway),
    ];

    private static readonly (Field First, Field Last, CountedAs Classes)[] WantedNumbers =
    [
        (Field.RiskTier, Field.RiskTier, CountedAs.Decision),
        (Field.Modified, Field.Modified, CountedAs.Sanitizer),
        (Field.Conversation, Field.Conversation, CountedAs.Decision | CountedAs.Gateway | CountedAs.Tool),
        (Field.InputTokens, Field.Cost, CountedAs.Gateway | CountedAs.Llm),
    ];

    private readonly SymbolTable _symbols;
    private readonly int[] _sources;
    private readonly Dictionary<(Emitter Emitter, Field Field, int Source), RecentTexts<int>> _recent = [];

    public PlanMaker(RuleBook book, SymbolTable symbols)
    {
        Book = book;
        _symbols = symbols;
        None = symbols.InternOwn("none");
        Unknown = symbols.InternOwn("unknown");
        ToolCall = symbols.InternOwn("tool_call");
        _sources = Array.ConvertAll(book.Emitters, emitter => symbols.InternOwn(emitter.Name));
        foreach (Emitter emitter in book.Emitters)
        {
            foreach (string kind in DimensionText.Classes)
            {
                symbols.InternOwn(kind);
            }

            foreach ((TextPattern, byte[] To)[] values in emitter.Values)
            {
                Array.ForEach(values, value => symbols.Intern(value.To, isService: true));
            }
        }
    }

    public RuleBook Book { get; }

    public int None { get; }

    public int Unknown { get; }

    public int ToolCall { get; }

    /// <param name="facts">Of the span's parts and of the values of its attributes.</param>
    /// <param name="present">The asked attributes that are there.</param>
    /// <param name="kind">Of the span.</param>
    /// <param name="status">Of the span.</param>
    /// <param name="isLog">It is a log record.</param>
    public SpanPlan Make(FactSet facts, in SlotSet present, SpanKind kind, SpanStatus status, bool isLog)
    {
        foreach ((int slot, int fact) in Book.KeyStarts)
        {
            if (present.Has(slot))
            {
                facts.Add(fact);
            }
        }

        int number = 0;
        while (number < Book.Emitters.Length - 1 && Book.Emitters[number].Match?.Holds(facts) != true)
        {
            number++;
        }

        Emitter emitter = Book.Emitters[number];
        ClassRule? rule = Find(isLog ? emitter.Logs : emitter.Spans, facts);
        SpanClass kindOf = rule?.Class ?? SpanClass.Other;
        CountedAs counted = (CountedAs)(1u << (int)kindOf);
        bool asksContent = AsksContent(emitter, counted, facts, present);
        Decide(emitter, kindOf, facts, out OutcomeRule? outcome, out OutcomeRule? statusRule);
        CountedAs asked = counted | (rule?.AlsoDelegation == true ? CountedAs.Delegation : 0) | (isLog ? CountedAs.LogEvent : 0);
        int[] numbers = Numbers(emitter, asked, facts, present);
        PlannedText[] texts = Texts(emitter, asked, kindOf, facts, present);
        ClassifiedSpan.Symbols template = default;
        template[(int)Dimension.Source] = _sources[number];
        uint weak = number == Book.Emitters.Length - 1 ? 1u << (int)Dimension.Source : 0; // nobody's
        foreach (PlannedText text in texts)
        {
            Dimension dimension = FieldText.DimensionOf(text.Field);
            template[(int)dimension] = text.Symbol == Service ? None : text.Symbol;
            weak |= text.IsDefault ? 1u << (int)dimension : 0;
        }

        return new SpanPlan
        {
            Emitter = emitter,
            Class = kindOf,
            Rule = rule,
            OutcomeRule = outcome,
            IsContentAsked = asksContent,
            Facts = facts,
            Counted = asked,
            Closed = Closed(ClosedValues.Place(Dimension.SpanKind, (int)kind) | ClosedValues.Place(Dimension.StatusCode, (int)status), outcome, statusRule?.Status ?? status),
            Texts = texts,
            Reads = Array.FindAll(texts, text => text.Source >= 0),
            Template = template,
            IsAgentService = texts[(int)Field.Agent].Symbol == Service,
            Weak = weak,
            PlainSlots = PlainSlots(emitter, numbers),
            Numbers = numbers,
            HasMcpMethod = present.Has(Book.McpMethod),
            HasUsage = Array.Exists(numbers[(int)Field.InputTokens..], source => source >= 0),
        };
    }

    /// <summary>Whether the field is looked for on spans that count as this.</summary>
    public static bool IsWanted(Field field, CountedAs counted) =>
        Array.Exists(WantedTexts, wanted => wanted.Field == field && (wanted.Classes & counted) != 0)
        || Array.Exists(WantedNumbers, wanted => field >= wanted.First && field <= wanted.Last && (wanted.Classes & counted) != 0);

    /// <summary>The first rule that says an outcome, and the first that says a status.</summary>
    public static void Decide(Emitter emitter, SpanClass kind, in FactSet facts, out OutcomeRule? outcome, out OutcomeRule? status)
    {
        var counted = (CountedAs)(1u << (int)kind);
        outcome = status = null;
        foreach (Compiled<OutcomeRule> candidate in emitter.Outcomes)
        {
            OutcomeRule rule = candidate.Rule;
            bool isNews = (outcome is null && rule.Outcome is not null) || (status is null && rule.Status is not null);
            if (isNews && (rule.Classes & counted) != 0 && candidate.Condition.Holds(facts))
            {
                outcome ??= rule.Outcome is null ? null : rule;
                status ??= rule.Status is null ? null : rule;
            }
        }
    }

    /// <summary>The word of closed dimensions with what a rule said.</summary>
    public static int Closed(int word, OutcomeRule? rule, SpanStatus status)
    {
        Outcome outcome = rule?.Outcome ?? Outcome.None;
        word = ClosedValues.Replace(word, Dimension.Outcome, (int)outcome);
        word = ClosedValues.Replace(word, Dimension.Deny, outcome == Outcome.Deny ? 1 : 0);
        word = ClosedValues.Replace(word, Dimension.Reason, (int)(rule?.Reason ?? Reason.None));
        return ClosedValues.Replace(word, Dimension.Status, (int)status);
    }

    private static ClassRule? Find(Compiled<ClassRule>[] rules, in FactSet facts)
    {
        foreach (Compiled<ClassRule> candidate in rules)
        {
            if (candidate.Condition.Holds(facts))
            {
                return candidate.Rule;
            }
        }

        return null;
    }

    private bool AsksContent(Emitter emitter, CountedAs counted, FactSet facts, in SlotSet present)
    {
        foreach ((int fact, _, int slot) in Book.Content)
        {
            if (slot == AttributeSelector.NoSlot || present.Has(slot))
            {
                facts.Add(fact); // as far as the shape tells, it may hold
            }
        }

        foreach (Compiled<OutcomeRule> candidate in emitter.Outcomes)
        {
            if ((candidate.Rule.Classes & counted) != 0 && candidate.Rule.Condition.IsContent && candidate.Condition.MayHold(facts))
            {
                return true;
            }
        }

        return false;
    }

    private PlannedText[] Texts(Emitter emitter, CountedAs counted, SpanClass kind, in FactSet facts, in SlotSet present)
    {
        var texts = new PlannedText[FieldText.Texts];
        foreach ((Field field, CountedAs classes) in WantedTexts)
        {
            int missing = MissingOf(field, kind, counted);
            BoundSource[] sources = emitter.Sources[(int)field];
            int first = (classes & counted) == 0 ? -1 : FirstOf(sources, counted, facts, present);
            FieldSource? source = first < 0 ? null : sources[first].Source;
            texts[(int)field] = source is null ? new PlannedText(field, -1, AttributeSelector.NoSlot, IsOfResource: false, missing, IsDefault: true, null)
                : source.Value is string constant ? new PlannedText(field, -1, AttributeSelector.NoSlot, IsOfResource: false, constant.Length == 0 ? missing : _symbols.InternOwn(constant), IsDefault: constant is "" or "unknown", null)
                : new PlannedText(field, first, sources[first].Slot, source.Resource is not null, missing, IsDefault: true, RecentOf(emitter, field, first));
        }

        return texts;
    }

    private static int[] Numbers(Emitter emitter, CountedAs counted, in FactSet facts, in SlotSet present)
    {
        int[] firsts = new int[FieldText.Count];
        Array.Fill(firsts, -1);
        foreach ((Field first, Field last, CountedAs classes) in WantedNumbers)
        {
            for (Field field = first; field <= last && (classes & counted) != 0; field++)
            {
                firsts[(int)field] = FirstOf(emitter.Sources[(int)field], counted, facts, present);
            }
        }

        return firsts;
    }

    private static int[] PlainSlots(Emitter emitter, int[] numbers)
    {
        int[] slots = new int[FieldText.Count];
        for (int field = 0; field < slots.Length; field++)
        {
            BoundSource? first = numbers[field] < 0 ? null : emitter.Sources[field][numbers[field]];
            slots[field] = first is { Source: { Attribute: not null, Take: null, Json: null } } ? first.Value.Slot : AttributeSelector.NoSlot;
        }

        return slots;
    }

    private static int FirstOf(BoundSource[] sources, CountedAs counted, in FactSet facts, in SlotSet present)
    {
        for (int i = 0; i < sources.Length; i++)
        {
            if (sources[i].MayHold(counted, facts, present))
            {
                return i;
            }
        }

        return -1;
    }

    private RecentTexts<int> RecentOf(Emitter emitter, Field field, int source)
    {
        if (!_recent.TryGetValue((emitter, field, source), out RecentTexts<int>? recent))
        {
            _recent.Add((emitter, field, source), recent = new RecentTexts<int>(RecentPlaces));
        }

        return recent;
    }

    private int MissingOf(Field field, SpanClass kind, CountedAs counted) => field switch
    {
        Field.Agent => Service,
        Field.Tool => kind is SpanClass.Tool or SpanClass.McpServer or SpanClass.Decision ? Unknown : None,
        Field.Model => kind == SpanClass.Llm ? Unknown : None,
        Field.Provider => kind == SpanClass.Llm || (counted & CountedAs.LogEvent) != 0 ? Unknown : None,
        Field.Operation => _symbols.InternOwn(kind switch
        {
            SpanClass.Llm => "chat",
            SpanClass.Tool => "execute_tool",
            SpanClass.Agent => "invoke_agent",
            _ => DimensionText.Classes[(int)kind],
        }),
        Field.Target => (counted & CountedAs.Delegation) != 0 ? Unknown : None,
        Field.Event => kind == SpanClass.Decision ? ToolCall : None,
        _ => None,
    };
}
