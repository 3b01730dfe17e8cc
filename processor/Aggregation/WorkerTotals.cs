namespace SpanMetrics.Aggregation;

/// <summary>Brings what one worker hands over into the totals. Not thread-safe: owned by the page.</summary>
internal sealed class WorkerTotals(Totals totals)
{
    private const int Gone = -1;

    private readonly LabelSets?[] _labelSets = new LabelSets?[totals.Views.Length]; // the worker's, by view
    private readonly int[][] _seriesOf = Array.ConvertAll(totals.Views, _ => Array.Empty<int>()); // by view, by the worker's number
    private readonly int[] _known = new int[totals.Views.Length];
    private readonly int[] _useless = new int[totals.Views.Length];

    /// <summary>
    /// Whether the worker had better start afresh: in a view, more than an eighth of its label sets have no series any more, or one of overflow
    /// although there is room again. True once.
    /// </summary>
    public bool TellStale()
    {
        for (int view = 0; view < _useless.Length; view++)
        {
            if (_useless[view] > _known[view] / 8)
            {
                Array.Clear(_useless);
                return true;
            }
        }

        return false;
    }

    /// <param name="views">In the order of the totals' views.</param>
    public void Fold(ReadOnlySpan<Handover> views)
    {
        for (int view = 0; view < views.Length; view++)
        {
            Adopt(view, views[view]);
            foreach (DeltaChunk chunk in views[view].Chunks)
            {
                for (int i = 0; i < chunk.Count; i++)
                {
                    int series = _seriesOf[view][chunk.Series[i]];
                    series = series == Gone ? _seriesOf[view][chunk.Series[i]] = AdoptOne(view, views[view], chunk.Series[i]) : series;
                    totals.Views[view].Add(series, chunk, i, totals.Now);
                }
            }

            foreach (DeltaChunk chunk in views[view].Chunks) // one chunk holds those of all of its partition's
            {
                foreach (ref readonly Exemplar exemplar in chunk.Exemplars is null ? [] : chunk.Exemplars.Ordered())
                {
                    totals.Views[view].Offer(exemplar with { Series = _seriesOf[view][exemplar.Series] });
                }
            }
        }
    }

    /// <summary>After <see cref="Totals.Expire"/>, with what it returned.</summary>
    public void Renumber(int[][] moved)
    {
        for (int view = 0; view < moved.Length; view++)
        {
            _useless[view] = 0;
            foreach (ref int series in _seriesOf[view].AsSpan(0, _known[view]))
            {
                series = series == Gone ? Gone : moved[view][series];
                _useless[view] += series == Gone || totals.Views[view].IsOverflow(series) ? 1 : 0;
            }
        }
    }

    private void Adopt(int view, in Handover from)
    {
        if (from.LabelSets != _labelSets[view])
        {
            _labelSets[view] = from.LabelSets; // it started afresh
            _known[view] = _useless[view] = 0;
        }

        if (from.Count > _seriesOf[view].Length)
        {
            Array.Resize(ref _seriesOf[view], Math.Max(from.Count, _seriesOf[view].Length / 2 * 3));
        }

        for (; _known[view] < from.Count; _known[view]++)
        {
            _seriesOf[view][_known[view]] = AdoptOne(view, from, _known[view]);
        }
    }

    private int AdoptOne(int view, in Handover from, int theirs) => totals.Views[view].Adopt(from.LabelSets.KeyOf(theirs), from.Symbols, totals.Now, totals.NewSinceUnixMillis);
}
