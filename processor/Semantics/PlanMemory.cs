namespace SpanMetrics.Semantics;

/// <summary>
/// Plans by the shape of their spans, bounded: a new shape takes the place of an old one that lies near it. Not thread-safe: owned by one worker.
/// </summary>
internal sealed class PlanMemory
{
    /// <summary>Words of a shape at most.</summary>
    public const int ShapeWords = 16;

    private const int Sets = 256;
    private const int Ways = 4;

    private readonly ulong[] _shapes = new ulong[Sets * Ways * ShapeWords];
    private readonly SpanPlan?[] _plans = new SpanPlan?[Sets * Ways];
    private uint _next;

    /// <summary>Null where the shape is new; <paramref name="place"/> is for <see cref="Put"/> then.</summary>
    public SpanPlan? Find(ReadOnlySpan<ulong> shape, out int place)
    {
        int first = (int)(HashOf(shape) & (Sets - 1)) * Ways;
        for (place = first; place < first + Ways; place++)
        {
            if (_plans[place] is SpanPlan plan && shape.SequenceEqual(_shapes.AsSpan(place * ShapeWords, shape.Length)))
            {
                return plan;
            }
        }

        place = first + (int)(_next++ % Ways);
        return null;
    }

    public void Put(int place, ReadOnlySpan<ulong> shape, SpanPlan plan)
    {
        shape.CopyTo(_shapes.AsSpan(place * ShapeWords));
        _plans[place] = plan;
    }

    // No shape is the start of a longer one: how long it is follows from which attributes are there, which stands in its first words.
    private static uint HashOf(ReadOnlySpan<ulong> shape)
    {
        ulong hash = 0, factor = 0x9E3779B97F4A7C15ul;
        foreach (ulong word in shape)
        {
            hash += (word ^ (word >> 32)) * factor; // no product waits for the one before
            factor += 0x632BE59BD9B4E01Aul;
        }

        return (uint)(hash >> 32);
    }
}
