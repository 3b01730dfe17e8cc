using System.Runtime.Intrinsics;
using SpanMetrics.Aggregation;
using SpanMetrics.Semantics;
using Xunit;

namespace SpanMetrics.Tests.Unit;

public sealed class LabelSetsTests
{
    private static readonly Dimension[] All = Enum.GetValues<Dimension>();

    [Fact]
    public void A_key_has_the_closed_dimensions_of_the_view_then_its_texts_then_its_own()
    {
        var random = new Random(4);
        for (int round = 0; round < 500; round++)
        {
            Dimension[] dimensions = [.. All.Where(_ => random.Next(2) == 0)];
            random.Shuffle(dimensions);
            int[] own = [.. Enumerable.Range(0, 12).Where(_ => random.Next(3) == 0)];
            ClassifiedSpan span = AnySpan(random);
            int[] values = [.. Enumerable.Range(0, 12).Select(_ => random.Next(1, int.MaxValue))];
            var sets = new LabelSets(ViewOf(dimensions, own), 10);

            var key = new Vector256<int>[sets.KeyLength];
            sets.WriteKey(span, key);
            sets.WriteOwn(values, key);
            int[] kept = sets.KeyOf(sets.FindOrAdd(key, KeyedHash.Of(key))).ToArray();

            int closed = dimensions.Aggregate(0, (mask, dimension) => mask | ClosedValues.MaskOf(dimension));
            Assert.Equal(
                [span.Closed & closed, .. dimensions.Where(DimensionText.IsText).Select(dimension => span.Text[(int)dimension]), .. own.Select(at => values[at])], kept);
        }
    }

    [Fact]
    public void Spans_that_differ_in_one_of_the_views_dimensions_alone_are_apart()
    {
        Dimension[] texts = [.. All.Where(DimensionText.IsText)];
        var sets = new LabelSets(ViewOf(texts, []), 100);
        var key = new Vector256<int>[sets.KeyLength];
        var random = new Random(5);
        ClassifiedSpan span = AnySpan(random);
        var found = new HashSet<int> { Find(span) };
        foreach (Dimension text in texts)
        {
            ClassifiedSpan other = span;
            other.Text[(int)text]++;

            Assert.True(found.Add(Find(other)), text.ToString());
            Assert.Equal(Find(other), Find(other));
        }

        int Find(in ClassifiedSpan one)
        {
            sets.WriteKey(one, key);
            return sets.FindOrAdd(key, KeyedHash.Of(key));
        }
    }

    // Every bit of it is anything: what a view does not name must not get into a key.
    private static ClassifiedSpan AnySpan(Random random)
    {
        var span = new ClassifiedSpan { Counted = (CountedAs)random.Next(), Closed = random.Next(), Weight = random.NextDouble(), DurationNanos = random.NextInt64() };
        for (int i = 0; i < ClassifiedSpan.Symbols.Length; i++)
        {
            span.Text[i] = random.Next(1, int.MaxValue);
        }

        return span;
    }

    private static View ViewOf(Dimension[] dimensions, int[] own) =>
        new() { Name = "any", CounterFamily = "any_total", CounterHelp = "Any.", Match = CountedAs.Span, Dimensions = dimensions, Own = own };
}
