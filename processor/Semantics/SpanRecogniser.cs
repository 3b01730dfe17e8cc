using System.Numerics;
using System.Runtime.CompilerServices;
using SpanMetrics.Otlp;

namespace SpanMetrics.Semantics;

/// <summary>Finds the plan of a span by its shape. Not thread-safe: owned by one worker.</summary>
internal sealed class SpanRecogniser
{
    // Ways to fulfil the tests on one part of a span, before everything is forgotten: real spans need some dozens.
    private const int MostNumbers = 4000;
    private const int NumberBits = 12;

    private const int NamePlaces = 256;
    private const int ValuePlaces = 32;

    // Before the numbers of values in a shape: the span's own parts, and which attributes are there.
    private const int FixedWords = 1 + SlotSet.Words;
    private const int ValueBits = 16;
    private const int MostValues = (PlanMemory.ShapeWords - FixedWords) * (64 / ValueBits);

    private readonly RuleBook _book;
    private readonly bool _hasNoShape; // whether there are attributes that no rule asks for
    private readonly PlanMaker _maker;
    private readonly SymbolTable _symbols;
    private readonly ulong[] _shape = new ulong[PlanMemory.ShapeWords];
    private readonly FactSet[] _kinds = new FactSet[DimensionText.KindWords.Length];
    private readonly FactSet[] _statuses = new FactSet[DimensionText.Statuses.Length];

    // What is remembered.
    private PlanMemory _plans = new();
    private RecentTexts<SeenName> _recentNames = new(NamePlaces);
    private FactMemory _scopes, _names, _messages;
    private FactMemory?[] _values = []; // by slot: of attributes
    private readonly List<(int Slot, FactMemory Values)> _resourceValues = [];
    private List<FactSet> _resources = [default];
    private Dictionary<int, SlotSet> _askedOf = []; // by scope and resource

    // Of the scope that was met last, and of its resource.
    private ulong _scopeNumber;
    private int _scope, _resource;
    private SlotSet _asked; // attributes whose values matter there

    public SpanRecogniser(RuleBook book, PlanMaker maker, SymbolTable symbols)
    {
        _symbols = symbols;
        _book = book;
        _hasNoShape = book.DimensionSlots.Length > 0;
        _maker = maker;
        foreach (FactGroup group in book.Groups)
        {
            switch (group.Input.Part)
            {
                case SpanPart.Kind:
                    TestEach(group, DimensionText.KindWords, _kinds);
                    break;
                case SpanPart.Status:
                    TestEach(group, DimensionText.Statuses, _statuses);
                    break;
            }
        }

        _scopes = _names = _messages = new FactMemory(new FactGroup(default, 0), 2);
        Forget();
    }

    /// <summary>The name of the span that was recognised last, as a label's value.</summary>
    public int Name { get; private set; }

    /// <summary>Whether the span is of another scope or resource than the one before.</summary>
    public bool IsNewScope(in SpanView span) => span.ScopeNumber != _scopeNumber;

    public SpanPlan PlanOf(in SpanView span, bool isLog)
    {
        if (IsNewScope(span))
        {
            EnterScope(span);
        }

        int length = WriteShape(span, isLog);
        if (length < 0)
        {
            return Make(span, isLog); // so many attributes with tests that it has no place
        }

        ReadOnlySpan<ulong> shape = _shape.AsSpan(0, length);
        if (_plans.Find(shape, out int place) is SpanPlan known)
        {
            return known;
        }

        SpanPlan plan = Make(span, isLog);
        _plans.Put(place, shape, plan);
        if (IsAnyFull())
        {
            Forget();
        }

        return plan;
    }

    private int WriteShape(in SpanView span, bool isLog)
    {
        int said = span.StatusMessageAt.Length == 0 ? 0 : _messages.NumberOf(span.StatusMessageExcerpt);
        Span<ulong> shape = _shape;
        SeenName name = _recentNames.TryGet(span.NameExcerpt, out SeenName known) ? known : ReadName(span.Name);
        Name = name.Symbol;
        shape[0] = (uint)name.Facts | ((ulong)(uint)_scope << NumberBits) | ((ulong)(uint)_resource << (2 * NumberBits)) | ((ulong)(uint)said << (3 * NumberBits))
            | ((ulong)span.Kind << (4 * NumberBits)) | ((ulong)span.Status << ((4 * NumberBits) + 3)) | (isLog ? 1ul << 63 : 0);
        AttributeSlots attributes = span.Attributes;
        ReadOnlySpan<ulong> present = attributes.Present, asked = _asked;
        present.CopyTo(shape[1..]);
        if (_hasNoShape)
        {
            for (int i = 0; i < present.Length; i++)
            {
                shape[1 + i] &= ~_book.NoShape[i];
            }
        }

        int at = FixedWords, shift = 0;
        ulong word = 0;
        for (int i = 0; i < present.Length; i++)
        {
            for (ulong bits = present[i] & asked[i]; bits != 0; bits &= bits - 1)
            {
                int slot = (i * 64) + BitOperations.TrailingZeroCount(bits);
                word |= (ulong)_values[slot]!.NumberOf(attributes.RawOfPresent(slot)) << shift;
                shift += ValueBits;
                if (shift == 64)
                {
                    if (at == shape.Length)
                    {
                        return -1;
                    }

                    shape[at++] = word;
                    word = 0;
                    shift = 0;
                }
            }
        }

        if (shift > 0)
        {
            if (at == shape.Length)
            {
                return -1;
            }

            shape[at++] = word;
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private SeenName ReadName(ReadOnlySpan<byte> text)
    {
        var name = new SeenName(_names.Test(text), text.IsEmpty ? _maker.Unknown : _symbols.Intern(text));
        if (_symbols.MayRemember(name.Symbol))
        {
            _recentNames.Put(text, name);
        }

        return name;
    }

    private SpanPlan Make(in SpanView span, bool isLog)
    {
        FactSet facts = _scopes[_scope];
        facts.Add(_resources[_resource]);
        facts.Add(_names[_names.Test(span.Name)]);
        facts.Add(_messages[span.StatusMessage.IsEmpty ? 0 : _messages.NumberOf(span.StatusMessageExcerpt)]);
        facts.Add(_kinds[(int)span.Kind]);
        facts.Add(_statuses[(int)span.Status]);
        for (int slot = 0; slot < _values.Length; slot++)
        {
            if (_asked.Has(slot) && span.Attributes.Present.Has(slot) && _values[slot] is FactMemory memory)
            {
                facts.Add(memory[memory.NumberOf(span.Attributes.RawOf(slot))]);
            }
        }

        return _maker.Make(facts, span.Attributes.Present, span.Kind, span.Status, isLog);
    }

    private void EnterScope(in SpanView span)
    {
        _scopeNumber = span.ScopeNumber;
        _scope = _scopes.NumberOf(span.ScopeNameExcerpt);
        FactSet facts = default;
        foreach ((int slot, FactMemory memory) in _resourceValues)
        {
            if (span.Resource.Present.Has(slot))
            {
                facts.Add(memory[memory.NumberOf(span.Resource.RawOf(slot))]);
            }
        }

        _resource = 0;
        while (_resource < _resources.Count && !_resources[_resource].Is(facts))
        {
            _resource++;
        }

        if (_resource == _resources.Count)
        {
            _resources.Add(facts);
        }

        int key = (_scope << NumberBits) | _resource;
        if (!_askedOf.TryGetValue(key, out _asked))
        {
            facts.Add(_scopes[_scope]);
            _askedOf.Add(key, _asked = _book.AskedOf(facts));
        }
    }

    private bool IsAnyFull() =>
        _resources.Count > MostNumbers || _askedOf.Count > MostNumbers || _scopes.Count > MostNumbers || _names.Count > MostNumbers || _messages.Count > MostNumbers
        || Array.Exists(_values, memory => memory?.Count > MostNumbers);

    private void Forget()
    {
        _scopeNumber = 0; // numbers of scopes begin at 1
        _plans = new PlanMemory();
        _recentNames = new RecentTexts<SeenName>(NamePlaces);
        _resources = [default];
        _askedOf = [];
        _values = new FactMemory?[_book.Selector.Count];
        _resourceValues.Clear();
        FactMemory nothing = new(new FactGroup(new FactInput(SpanPart.Name), AttributeSelector.NoSlot), 2);
        _scopes = _names = _messages = nothing;
        foreach (FactGroup group in _book.Groups)
        {
            switch (group.Input.Part)
            {
                case SpanPart.Scope:
                    _scopes = new FactMemory(group, NamePlaces);
                    break;
                case SpanPart.Name:
                    _names = new FactMemory(group, 2); // names are remembered with their symbols
                    break;
                case SpanPart.Message:
                    _messages = new FactMemory(group, NamePlaces);
                    break;
                case SpanPart.Resource:
                    _resourceValues.Add((group.Slot, new FactMemory(group, ValuePlaces)));
                    break;
                case SpanPart.Attribute:
                    _values[group.Slot] = new FactMemory(group, ValuePlaces);
                    break;
            }
        }
    }

    private static void TestEach(FactGroup group, string[] words, FactSet[] facts)
    {
        for (int i = 0; i < words.Length; i++)
        {
            foreach ((int fact, FactTest test) in group.Tests)
            {
                if (Array.Exists(test.AnyOf, wanted => wanted.Text == words[i]))
                {
                    facts[i].Add(fact);
                }
            }
        }
    }

    private readonly record struct SeenName(int Facts, int Symbol);
}
