using System.Text;
using SpanMetrics.Otlp;

namespace SpanMetrics.Semantics;

/// <summary>Reads the dimensions that the configuration adds to the built-in ones. Not thread-safe: owned by one worker.</summary>
internal sealed class OwnDimensions
{
    private const int RecentPlaces = 64;

    private readonly int[] _slots;
    private readonly DimensionOptions[] _options;
    private readonly (TextPattern From, int To)[][] _values;
    private readonly RecentTexts<int>[] _recent;
    private readonly HashSet<int>[] _kept; // where there is a limit: the values within it
    private readonly SymbolTable _symbols;
    private readonly byte[] _scratch = new byte[AttributeValue.ScratchBytes];

    /// <param name="slots">Of the attributes, by dimension.</param>
    /// <param name="options">By dimension.</param>
    /// <param name="absent">The value of a missing attribute where the dimension has no default of its own; empty for no label.</param>
    /// <param name="symbols">The worker's.</param>
    public OwnDimensions(int[] slots, DimensionOptions[] options, string absent, SymbolTable symbols)
    {
        _slots = slots;
        _options = options;
        _symbols = symbols;
        Absent = Array.ConvertAll(options, option => symbols.InternOwn(option.Default ?? absent));
        _recent = Array.ConvertAll(options, _ => new RecentTexts<int>(RecentPlaces));
        _kept = Array.ConvertAll(options, _ => new HashSet<int>());
        _values = new (TextPattern, int)[options.Length][];
        for (int i = 0; i < options.Length; i++)
        {
            var values = new List<(TextPattern, int)>();
            foreach ((string from, string to) in options[i].Values)
            {
                values.Add((new TextPattern(from), to.Length == 0 ? Absent[i] : symbols.InternOwn(to)));
            }

            _values[i] = [.. values];
        }
    }

    /// <summary>By dimension: the value of a span that lacks the attribute.</summary>
    public int[] Absent { get; }

    /// <summary>Writes the symbols of a span's values, by dimension.</summary>
    public void Read(in SpanView span, Span<int> to)
    {
        for (int i = 0; i < _slots.Length; i++)
        {
            bool isOfSpan = span.Attributes.Present.Has(_slots[i]);
            Excerpt raw = isOfSpan ? span.Attributes.RawOf(_slots[i]) : span.Resource.RawOf(_slots[i]);
            to[i] = raw.Length == 0 ? Absent[i] : _recent[i].TryGet(raw, out int known) ? known : Read(span, i, raw.Bytes, isOfSpan);
        }
    }

    /// <summary>For <c>explain</c>: the label's name, and where a span's value comes from.</summary>
    public (string Name, string From) OriginOf(in SpanView span, int dimension)
    {
        string key = _options[dimension].Attribute;
        bool isMissing = TextOf(span, dimension, out bool isOfResource).IsEmpty;
        return (_options[dimension].LabelName(), isMissing ? OriginFinder.Default : $"{(isOfResource ? "resource" : "attribute")} {key}");
    }

    private ReadOnlySpan<byte> TextOf(in SpanView span, int dimension, out bool isOfResource)
    {
        ReadOnlySpan<byte> text = span.Attributes.TextOf(_slots[dimension], _scratch);
        isOfResource = text.IsEmpty;
        return isOfResource ? span.Resource.TextOf(_slots[dimension], _scratch) : text;
    }

    private int Read(in SpanView span, int dimension, ReadOnlySpan<byte> raw, bool isOfSpan)
    {
        ReadOnlySpan<byte> text = TextOf(span, dimension, out bool isOfResource);
        ReadOnlySpan<byte> toRemember = isOfResource == isOfSpan ? default : raw; // an attribute may be there and say nothing
        return text.IsEmpty ? Absent[dimension] : SymbolOf(text, dimension, toRemember);
    }

    private int SymbolOf(ReadOnlySpan<byte> text, int dimension, ReadOnlySpan<byte> raw)
    {
        foreach ((TextPattern from, int to) in _values[dimension])
        {
            if (from.Matches(text))
            {
                _recent[dimension].Put(raw, to);
                return to;
            }
        }

        // What is beyond the limit must not take the room of other label values either.
        HashSet<int> kept = _kept[dimension];
        bool isFull = _options[dimension].Limit is int limit && kept.Count >= limit;
        int symbol = isFull ? _symbols.InternKnown(text) : _symbols.Intern(text);
        if (symbol == SymbolTable.Overflow || (isFull && !kept.Contains(symbol)))
        {
            return SymbolTable.Overflow;
        }

        if (_options[dimension].Limit is not null)
        {
            kept.Add(symbol);
        }

        if (_symbols.MayRemember(symbol))
        {
            _recent[dimension].Put(raw, symbol);
        }

        return symbol;
    }
}
