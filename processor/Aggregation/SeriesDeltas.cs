using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace SpanMetrics.Aggregation;

/// <summary>
/// Increments of one view's series since the last fold, for one partition. Not thread-safe: owned by one worker; only
/// <paramref name="pool"/> is shared, through which chunks come back from the page.
/// </summary>
internal sealed class SeriesDeltas(View view, ConcurrentQueue<DeltaChunk> pool)
{
    private const int Untouched = 0;

    private readonly BucketBounds _bounds = new(view.Buckets);
    private readonly int _rowWidth = SeriesTable.WidthOf(view);
    private int[] _rowOf = []; // by series: 1 + the number of its row
    private List<DeltaChunk> _chunks = [];
    private double[][] _values = []; // of the chunks: one step less on the way to a row
    private int _rows;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int series, long durationNanos, double weight)
    {
        Span<double> row = RowOf(series);
        if (durationNanos >= 0)
        {
            row[SeriesTable.SumNanos] += durationNanos * weight;
            row[SeriesTable.FirstBucket + _bounds.BucketOf(durationNanos)] += weight;
        }
        else
        {
            row[SeriesTable.WithoutDuration] += weight;
        }
    }

    /// <summary>Everything since the last call, which the caller gives back to the pool once it has read it.</summary>
    public List<DeltaChunk> HandOver()
    {
        List<DeltaChunk> chunks = _chunks;
        _chunks = [];
        _rows = 0;
        Array.Clear(_rowOf);
        Array.Clear(_values); // they are the page's now
        return chunks;
    }

    /// <summary>Moves everything into another partition's increments.</summary>
    public void MoveTo(SeriesDeltas other)
    {
        foreach (DeltaChunk chunk in HandOver())
        {
            for (int i = 0; i < chunk.Count; i++)
            {
                SeriesTable.AddRow(other.RowOf(chunk.Series[i]), chunk.Row(i));
            }

            pool.Enqueue(chunk);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<double> RowOf(int series)
    {
        int[] rowOf = _rowOf;
        int row = (uint)series < (uint)rowOf.Length ? rowOf[series] - 1 : -1;
        return row >= 0 ? _values[row / DeltaChunk.Rows].AsSpan(row % DeltaChunk.Rows * _rowWidth, _rowWidth) : NewRow(series);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Span<double> NewRow(int series)
    {
        if (series >= _rowOf.Length)
        {
            Array.Resize(ref _rowOf, Math.Max(series + 1, _rowOf.Length / 2 * 3));
        }

        if (_rows % DeltaChunk.Rows == 0)
        {
            DeltaChunk fresh = pool.TryDequeue(out DeltaChunk? used) ? used : new DeltaChunk(_rowWidth);
            fresh.Count = 0;
            if (_chunks.Count == _values.Length)
            {
                Array.Resize(ref _values, Math.Max(4, _values.Length * 2));
            }

            _values[_chunks.Count] = fresh.Values;
            _chunks.Add(fresh);
        }

        DeltaChunk chunk = _chunks[^1];
        Span<double> row = chunk.Row(chunk.Count);
        row.Clear();
        chunk.Series[chunk.Count++] = series;
        _rowOf[series] = ++_rows;
        return row;
    }
}
