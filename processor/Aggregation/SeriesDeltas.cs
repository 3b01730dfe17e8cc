namespace SpanMetrics.Aggregation;

/// <summary>Increments of one view's series since the last fold, for one partition. Not thread-safe: owned by one worker.</summary>
internal sealed class SeriesDeltas(SeriesTable table)
{
    private const int Untouched = 0;

    // By series: 1 + the index of its row below. Grows to the highest series that this partition touched.
    private int[] _rowOf = [];
    private readonly List<int> _touched = [];
    private double[] _rows = new double[table.RowWidth];

    /// <param name="series">An index that the table gave out.</param>
    /// <param name="seconds">NaN: count the span and observe nothing.</param>
    public void Add(int series, double seconds)
    {
        Span<double> row = RowOf(series);
        row[SeriesTable.Count]++;
        if (!double.IsNaN(seconds))
        {
            row[SeriesTable.Sum] += seconds;
            row[SeriesTable.FirstBucket + BucketOf(seconds)]++;
        }
    }

    /// <summary>Moves everything into the table's cumulative values.</summary>
    public void FoldInto()
    {
        int width = table.RowWidth;
        for (int i = 0; i < _touched.Count; i++)
        {
            Span<double> from = _rows.AsSpan(i * width, width);
            Span<double> to = table.Row(_touched[i]);
            for (int k = 0; k < width; k++)
            {
                to[k] += from[k];
            }

            from.Clear();
            _rowOf[_touched[i]] = Untouched;
        }

        _touched.Clear();
    }

    private Span<double> RowOf(int series)
    {
        int width = table.RowWidth;
        if (series < _rowOf.Length && _rowOf[series] != Untouched)
        {
            return _rows.AsSpan((_rowOf[series] - 1) * width, width);
        }

        if (series >= _rowOf.Length)
        {
            Array.Resize(ref _rowOf, Math.Max(series + 1, _rowOf.Length * 2));
        }

        int row = _touched.Count;
        if ((row + 1) * width > _rows.Length)
        {
            Array.Resize(ref _rows, _rows.Length * 2);
        }

        _touched.Add(series);
        _rowOf[series] = row + 1;
        return _rows.AsSpan(row * width, width);
    }

    // The first bound that is not below the value, as Prometheus' le says; beyond the last it is +Inf.
    // Counted without branches: where the search ends cannot be predicted, and there are few bounds.
    private int BucketOf(double seconds)
    {
        int bucket = 0;
        foreach (double bound in table.View.Buckets)
        {
            bucket += seconds > bound ? 1 : 0;
        }

        return bucket;
    }
}
