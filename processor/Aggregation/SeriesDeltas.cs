using System.Runtime.CompilerServices;

namespace SpanMetrics.Aggregation;

/// <summary>Increments of one view's series since the last fold, for one partition. Not thread-safe: owned by one worker.</summary>
internal sealed class SeriesDeltas(View view)
{
    private const int Untouched = 0;

    private readonly BucketBounds _bounds = new(view.Buckets);
    private readonly int _rowWidth = SeriesTable.WidthOf(view);
    private int[] _rowOf = []; // by series: 1 + the number of its row
    private List<DeltaChunk> _chunks = [];
    private double[][] _values = []; // of the chunks: one step less on the way to a row
    private int _rows;

    /// <summary>The number of the series' row, for <see cref="Add"/> before the next handover.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int RowOf(int series)
    {
        int[] rowOf = _rowOf;
        int row = (uint)series < (uint)rowOf.Length ? rowOf[series] - 1 : -1;
        return row >= 0 ? row : NewRow(series);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int row, long durationNanos, double weight)
    {
        Span<double> values = Row(row);
        if (durationNanos >= 0)
        {
            values[SeriesTable.SumNanos] += durationNanos * weight;
            values[SeriesTable.FirstBucket + _bounds.BucketOf(durationNanos)] += weight;
        }
        else
        {
            values[SeriesTable.WithoutDuration] += weight;
        }
    }

    /// <summary>Everything since the last call. The chunks are the caller's.</summary>
    public List<DeltaChunk> HandOver()
    {
        if (_rows == 0)
        {
            return [];
        }

        List<DeltaChunk> chunks = _chunks;
        if (_rows < _rowOf.Length / 16)
        {
            foreach (DeltaChunk chunk in chunks)
            {
                foreach (int series in chunk.Series.AsSpan(0, chunk.Count))
                {
                    _rowOf[series] = Untouched;
                }
            }
        }
        else
        {
            Array.Clear(_rowOf);
        }

        Array.Clear(_values);
        _chunks = [];
        _rows = 0;
        return chunks;
    }

    /// <summary>Moves everything into another partition's increments.</summary>
    public void MoveTo(SeriesDeltas other)
    {
        foreach (DeltaChunk chunk in HandOver())
        {
            for (int i = 0; i < chunk.Count; i++)
            {
                SeriesTable.AddRow(other.Row(other.RowOf(chunk.Series[i])), chunk.Row(i));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<double> Row(int row) => _values[row / DeltaChunk.Rows].AsSpan(row % DeltaChunk.Rows * _rowWidth, _rowWidth);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int NewRow(int series)
    {
        if (series >= _rowOf.Length)
        {
            Array.Resize(ref _rowOf, Math.Max(series + 1, _rowOf.Length / 2 * 3));
        }

        if (_rows % DeltaChunk.Rows == 0)
        {
            var fresh = new DeltaChunk(_rowWidth);
            if (_chunks.Count == _values.Length)
            {
                Array.Resize(ref _values, Math.Max(4, _values.Length * 2));
            }

            _values[_chunks.Count] = fresh.Values;
            _chunks.Add(fresh);
        }

        DeltaChunk chunk = _chunks[^1];
        chunk.Series[chunk.Count++] = series;
        _rowOf[series] = ++_rows;
        return _rows - 1;
    }
}
