using System.Runtime.CompilerServices;
using SpanMetrics.Otlp;

namespace SpanMetrics.Semantics;

/// <summary>
/// Which facts hold of one part of a span, by its bytes: tested once, then remembered. Values that fulfil the same tests have the same
/// number. Not thread-safe: owned by one worker.
/// </summary>
/// <param name="group">The tests.</param>
/// <param name="places">How many values have a place at first, see <see cref="RecentTexts{TValue}"/>.</param>
internal sealed class FactMemory(FactGroup group, int places)
{
    private readonly RecentTexts<int> _recent = new(places);
    private readonly List<FactSet> _sets = [default]; // by number; as many as there are ways to fulfil the tests

    /// <summary>Ways to fulfil the tests that were met.</summary>
    public int Count => _sets.Count;

    public FactSet this[int number] => _sets[number];

    /// <summary>Of the bytes of a name, a message or a scope, or of an AnyValue message. 0: no fact holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int NumberOf(Excerpt text) => _recent.TryGet(text, out int number) ? number : Remember(text.Bytes);

    /// <summary>The same, asking the tests.</summary>
    public int Test(ReadOnlySpan<byte> bytes)
    {
        FactSet facts = default;
        bool isValue = group.Input.Part is SpanPart.Attribute or SpanPart.Resource;
        AttributeValue value = isValue ? AttributeValue.Read(bytes, new Slice(0, bytes.Length)) : default;
        Span<byte> scratch = stackalloc byte[AttributeValue.ScratchBytes];
        ReadOnlySpan<byte> text = Missing.Or(isValue ? value.AsText(scratch) : bytes);
        foreach ((int fact, FactTest test) in group.Tests)
        {
            foreach (ValueTest wanted in test.AnyOf)
            {
                if (isValue ? wanted.Matches(value, text, default) : wanted.Matches(text, default))
                {
                    facts.Add(fact);
                    break;
                }
            }
        }

        int number = 0;
        while (number < _sets.Count && !_sets[number].Is(facts))
        {
            number++;
        }

        if (number == _sets.Count)
        {
            _sets.Add(facts);
        }

        return number;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Remember(ReadOnlySpan<byte> bytes)
    {
        int number = Test(bytes);
        _recent.Put(bytes, number);
        return number;
    }
}
