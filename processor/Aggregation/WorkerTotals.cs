namespace SpanMetrics.Aggregation;

/// <summary>Brings what one worker hands over into the totals. Not thread-safe: owned by the page.</summary>
internal sealed class WorkerTotals(Totals totals)
{
    private readonly int[][] _seriesOf = Array.ConvertAll(totals.Views, _ => Array.Empty<int>()); // by view, by the worker's number
    private readonly int[] _known = new int[totals.Views.Length];

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
                    totals.Views[view].Add(_seriesOf[view][chunk.Series[i]], chunk, i);
                }
            }
        }
    }

    private void Adopt(int view, in Handover from)
    {
        if (from.Count > _seriesOf[view].Length)
        {
            Array.Resize(ref _seriesOf[view], Math.Max(from.Count, _seriesOf[view].Length / 2 * 3));
        }

        for (; _known[view] < from.Count; _known[view]++)
        {
            _seriesOf[view][_known[view]] = totals.Views[view].Adopt(from.LabelSets.KeyOf(_known[view]), from.Symbols);
        }
    }
}
