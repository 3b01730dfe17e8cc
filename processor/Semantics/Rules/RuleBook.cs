using SpanMetrics.Otlp;

namespace SpanMetrics.Semantics;

/// <summary>
/// All emitters' rules, with numbers for what they look at: attribute keys have slots, tests are facts. Immutable: workers share it.
/// </summary>
internal sealed class RuleBook
{
    private const string AnyKey = ".*"; // at the end of a key: any key with that start that somebody asks for

    private readonly Dictionary<string, int> _slots = [];
    private readonly Dictionary<string, int> _facts = [];
    private readonly Dictionary<FactInput, FactGroup> _groups = [];
    private readonly Dictionary<int, List<(ValueTest Test, int Badness)>> _decisive = []; // by slot: what outcomes hang on
    private readonly FactSet _ofScope; // facts of scope and resource
    private readonly HashSet<int> _tiers = []; // slots of attributes that say a risk tier
    private readonly List<(int Fact, string Start)> _keyStarts = [];
    private readonly SlotSet _noShape;

    /// <param name="emitters">In the order in which a span's emitter is told. The last one is the emitter of spans that are nobody's.</param>
    /// <param name="dimensions">Attributes that no rule need ask for: those of dimensions that the configuration adds.</param>
    /// <exception cref="ArgumentException">There are more keys or tests than there is room for.</exception>
    public RuleBook(IReadOnlyList<EmitterRules> emitters, params ReadOnlySpan<string> dimensions)
    {
        ServiceName = SlotOf("service.name");
        EventName = SlotOf("event.name");
        McpMethod = SlotOf("mcp.method.name");
        Emitters = new Emitter[emitters.Count];
        for (int i = 0; i < Emitters.Length; i++)
        {
            Emitters[i] = Compile(emitters, emitters[i]);
            emitters[i].Outcomes.FindAll(rule => (rule.Classes & CountedAs.Decision) != 0).ForEach(rule => NoteDecisive(rule.Condition, BadnessOf(rule.Outcome ?? Outcome.None)));
        }

        foreach (EmitterRules emitter in emitters)
        {
            _tiers.UnionWith(emitter.Sources[(int)Field.RiskTier].ConvertAll(source => SlotOf(source.Attribute ?? "")));
            emitter.Spans.ForEach(rule => NoteDecisive(rule.Condition, badness: null));
        }

        foreach (EmitterRules emitter in emitters)
        {
            emitter.Asks.ForEach(key => SlotOf(key));
        }

        int ofRules = _slots.Count;
        DimensionSlots = new int[dimensions.Length];
        for (int i = 0; i < dimensions.Length; i++)
        {
            DimensionSlots[i] = SlotOf(dimensions[i]);
        }

        if (_slots.Count > SlotSet.Capacity || _facts.Count > FactSet.Capacity)
        {
            throw new ArgumentException(
                $"the rules of all emitters, and dimensions, ask for {_slots.Count} attributes in {_facts.Count} tests; {SlotSet.Capacity} and {FactSet.Capacity} are the most");
        }

        foreach ((string key, int slot) in _slots)
        {
            if (slot >= ofRules)
            {
                _noShape.Set(slot, true);
                continue;
            }

            foreach ((int fact, string start) in _keyStarts)
            {
                if (key.StartsWith(start, StringComparison.Ordinal))
                {
                    KeyStarts.Add((slot, fact));
                }
            }
        }

        Selector = new AttributeSelector([.. _slots.Keys], Replaces);
        Groups = [.. _groups.Values];
        foreach (FactGroup group in Groups)
        {
            foreach ((int fact, _) in group.Input.Part is SpanPart.Scope or SpanPart.Resource ? group.Tests : [])
            {
                _ofScope.Add(fact);
            }
        }
    }

    public AttributeSelector Selector { get; }

    /// <summary>By dimension that the configuration adds.</summary>
    public int[] DimensionSlots { get; }

    /// <summary>Slots that no rule asks for: a span means the same with and without these attributes.</summary>
    public ref readonly SlotSet NoShape => ref _noShape;

    /// <summary>In the order in which they are tried; the last is that of spans that are nobody's.</summary>
    public Emitter[] Emitters { get; }

    public FactGroup[] Groups { get; }

    /// <summary>Tests of content, which are asked one by one.</summary>
    public List<(int Fact, FactTest Test, int Slot)> Content { get; } = [];

    /// <summary>Keys by whose presence alone a fact holds.</summary>
    public List<(int Slot, int Fact)> KeyStarts { get; } = [];

    /// <summary>Slot of the resource attribute.</summary>
    public int ServiceName { get; }

    /// <summary>Slot of the attribute that older emitters of log records have in place of the field.</summary>
    public int EventName { get; }

    /// <summary>Slot of the attribute that marks a call to an MCP server.</summary>
    public int McpMethod { get; }

    private int SlotOf(string key)
    {
        if (!_slots.TryGetValue(key, out int slot))
        {
            _slots.Add(key, slot = _slots.Count);
        }

        return slot;
    }

    /// <summary>The attributes whose values matter to spans of one scope and resource: most rules are about others.</summary>
    /// <param name="known">The facts of scope and resource that hold.</param>
    public SlotSet AskedOf(in FactSet known)
    {
        FactSet open = default;
        foreach (Emitter emitter in Emitters)
        {
            if (emitter == Emitters[^1] || emitter.Match?.TryAddOpen(known, _ofScope, ref open) == true)
            {
                foreach (CompiledCondition condition in emitter.Conditions)
                {
                    condition.TryAddOpen(known, _ofScope, ref open);
                }
            }

            if (emitter.Match?.IsCertain(known) == true)
            {
                break; // the span is this emitter's
            }
        }

        SlotSet slots = default;
        foreach (FactGroup group in Groups)
        {
            bool isOpen = group.Input.Part == SpanPart.Attribute && group.Tests.Exists(test => open.Has(test.Fact));
            if (isOpen)
            {
                slots.Set(group.Slot, true);
            }
        }

        return slots;
    }

    private Emitter Compile(IReadOnlyList<EmitterRules> all, EmitterRules own)
    {
        var outcomes = new List<Compiled<OutcomeRule>>();
        var sources = new List<BoundSource>[FieldText.Count];
        var values = new List<(TextPattern, byte[])>[FieldText.Texts];
        foreach (EmitterRules emitter in OwnFirst(all, own))
        {
            foreach (OutcomeRule rule in emitter.Outcomes)
            {
                if (rule.Anywhere || emitter == own || emitter.Match is null)
                {
                    outcomes.Add(new(Number(rule.Condition), rule));
                }
            }

            for (int field = 0; field < FieldText.Count && (emitter == own || emitter.Match is null); field++)
            {
                (sources[field] ??= []).AddRange(emitter.Sources[field].ConvertAll(Bind));
            }

            for (int field = 0; field < FieldText.Texts && (emitter == own || emitter.Match is null); field++)
            {
                (values[field] ??= []).AddRange(emitter.Values[field]);
            }
        }

        return new Emitter
        {
            Name = own.Name,
            Match = own.Match is null ? null : Number(own.Match),
            Spans = InOrder(all, own, emitter => emitter.Spans),
            Logs = InOrder(all, own, emitter => emitter.Logs),
            Outcomes = [.. outcomes],
            Sources = Array.ConvertAll(sources, list => list.ToArray()),
            Values = Array.ConvertAll(values, list => list.ToArray()),
        };
    }

    private BoundSource Bind(FieldSource source)
    {
        // That the name fits, or that the resource has the attribute, is a fact as any other, and decides with them.
        Condition condition = source.Condition;
        FactTest? isThere = source.Name is not null ? new FactTest(new FactInput(SpanPart.Name), [new ValueTest { Text = source.Name.ToString() }])
            : source.Resource is not null ? new FactTest(new FactInput(SpanPart.Resource, source.Resource), [new ValueTest { Text = "*" }])
            : null;
        if (isThere is not null)
        {
            condition = condition with { When = condition.When.Length == 0 ? [[isThere]] : Array.ConvertAll(condition.When, tests => (FactTest[])[.. tests, isThere]) };
        }

        return new BoundSource(Number(condition), source, (source.Attribute ?? source.Resource) is string key ? SlotOf(key) : AttributeSelector.NoSlot);
    }

    private Compiled<ClassRule>[] InOrder(IReadOnlyList<EmitterRules> all, EmitterRules own, Func<EmitterRules, List<ClassRule>> rulesOf)
    {
        var rules = new List<Compiled<ClassRule>>();
        foreach (SpanClass kind in Enum.GetValues<SpanClass>())
        {
            foreach (EmitterRules emitter in OwnFirst(all, own))
            {
                foreach (ClassRule rule in rulesOf(emitter))
                {
                    if (rule.Class == kind && (rule.Anywhere || emitter == own || emitter.Match is null))
                    {
                        rules.Add(new(Number(rule.Condition), rule));
                    }
                }
            }
        }

        return [.. rules];
    }

    private static IEnumerable<EmitterRules> OwnFirst(IReadOnlyList<EmitterRules> all, EmitterRules own)
    {
        yield return own;
        foreach (EmitterRules emitter in all)
        {
            if (emitter != own)
            {
                yield return emitter;
            }
        }
    }

    private CompiledCondition Number(Condition condition) => new(Array.ConvertAll(condition.When, Number), Array.ConvertAll(condition.Unless, Number));

    private FactSet Number(FactTest[] tests)
    {
        FactSet facts = default;
        foreach (FactTest test in tests)
        {
            int fact = FactOf(test);
            if (fact < FactSet.Capacity)
            {
                facts.Add(fact); // beyond it the constructor fails, with the count
            }
        }

        return facts;
    }

    private int FactOf(FactTest test)
    {
        if (_facts.TryGetValue(test.ToString(), out int fact))
        {
            return fact;
        }

        _facts.Add(test.ToString(), fact = _facts.Count);
        FactInput input = test.Input;
        if (input.Part == SpanPart.Attribute && input.Key.EndsWith(AnyKey, StringComparison.Ordinal))
        {
            _keyStarts.Add((fact, input.Key[..^1]));
            return fact;
        }

        int slot = input.Part is SpanPart.Attribute or SpanPart.Resource ? SlotOf(input.Key) : AttributeSelector.NoSlot;
        if (test.IsContent)
        {
            Content.Add((fact, test, slot));
            return fact;
        }

        if (!_groups.TryGetValue(input, out FactGroup? group))
        {
            _groups.Add(input, group = new FactGroup(input, slot));
        }

        group.Tests.Add((fact, test));
        return fact;
    }

    // Without badness: what can be read of an attribute that outcomes hang on.
    private void NoteDecisive(Condition condition, int? badness)
    {
        foreach (FactTest[] tests in condition.When)
        {
            foreach (FactTest test in tests)
            {
                if (test.Input.Part == SpanPart.Attribute && !test.IsContent)
                {
                    int slot = SlotOf(test.Input.Key);
                    if (!_decisive.TryGetValue(slot, out List<(ValueTest, int)>? list) && badness is not null)
                    {
                        _decisive.Add(slot, list = []);
                    }

                    list?.AddRange(Array.ConvertAll(test.AnyOf, value => (value, badness ?? 0)));
                }
            }
        }
    }

    // The protocol leaves open what a repeated key means. The value that leads to the worst answer counts, and the highest tier: a second
    // value must not take a deny back. Of all others the last counts.
    private bool Replaces(int slot, AttributeValue earlier, AttributeValue later)
    {
        Span<byte> scratch = stackalloc byte[AttributeValue.ScratchBytes];
        return _tiers.Contains(slot)
            ? DimensionText.ParseRiskTier(later.AsText(scratch)) >= DimensionText.ParseRiskTier(earlier.AsText(scratch))
            : BadnessOf(slot, later) >= BadnessOf(slot, earlier);
    }

    private int BadnessOf(int slot, AttributeValue value)
    {
        int worst = -1; // what nobody can read decides nothing
        Span<byte> scratch = stackalloc byte[AttributeValue.ScratchBytes];
        ReadOnlySpan<byte> text = Missing.Or(value.AsText(scratch));
        if (_decisive.TryGetValue(slot, out List<(ValueTest, int)>? decisive))
        {
            foreach ((ValueTest test, int badness) in decisive)
            {
                worst = badness > worst && test.Matches(value, text, default) ? badness : worst;
            }
        }

        return worst;
    }

    private static int BadnessOf(Outcome outcome) => outcome switch
    {
        Outcome.Deny => 5,
        Outcome.Hitl => 4,
        Outcome.RateLimited => 3,
        Outcome.Error => 2,
        Outcome.Allow => 1,
        _ => 0,
    };
}
