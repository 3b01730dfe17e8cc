namespace SpanMetrics.Aggregation;

/// <summary>
/// The spans of one view and partition that are most worth showing since the last fold, one for each series and bucket. Filled by a worker,
/// then handed over to the page.
/// </summary>
internal sealed class ExemplarReservoir
{
    public const int Most = 128;

    private Exemplar[] _held = [];
    private int _least; // of a full one: where the lowest rank is

    public int Count { get; private set; }

    public void Offer(in Exemplar exemplar)
    {
        if (Count == Most && exemplar.Rank <= _held[_least].Rank)
        {
            return;
        }

        int at = 0;
        while (at < Count && (_held[at].Series != exemplar.Series || _held[at].Bucket != exemplar.Bucket))
        {
            at++;
        }

        if (at < Count && exemplar.Rank <= _held[at].Rank)
        {
            return;
        }

        if (at == Most)
        {
            at = _least;
        }
        else if (at == Count)
        {
            if (Count == _held.Length)
            {
                Array.Resize(ref _held, Math.Max(8, Count * 2));
            }

            Count++;
        }

        _held[at] = exemplar;
        if (Count == Most)
        {
            FindLeast();
        }
    }

    /// <summary>The highest rank first.</summary>
    public ReadOnlySpan<Exemplar> Ordered()
    {
        Span<Exemplar> held = _held.AsSpan(0, Count);
        held.Sort((one, other) => other.Rank.CompareTo(one.Rank));
        return held;
    }

    private void FindLeast()
    {
        _least = 0;
        for (int i = 1; i < Count; i++)
        {
            _least = _held[i].Rank < _held[_least].Rank ? i : _least;
        }
    }
}
