using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>Increments of one view's series since the last fold, for one partition. Not thread-safe: owned by one worker.</summary>
internal sealed class SeriesDeltas(View view)
{
    private const int Untouched = 0;

    private readonly BucketBounds _bounds = new(view.CountedBounds);
    private readonly int _rowWidth = SeriesTable.WidthOf(view.CountedBounds);
    private readonly int _smallWidth = DeltaChunk.SmallWidthOf(SeriesTable.WidthOf(view.CountedBounds));
    private int[] _rowOf = []; // by series: 1 + the number of its row
    private List<DeltaChunk> _chunks = [];
    private double[][] _small = []; // of the chunks: one step less on the way to a row
    private int _rows;
    private ExemplarReservoir _exemplars = new();

    /// <summary>The number of the series' row, for <see cref="Add"/> before the next handover.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int RowOf(int series)
    {
        int[] rowOf = _rowOf;
        int row = (uint)series < (uint)rowOf.Length ? rowOf[series] - 1 : -1;
        return row >= 0 ? row : NewRow(series);
    }

    /// <summary>Brings the row into the cache: several at once cost as much as one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Touch(int row) => BitConverter.DoubleToInt64Bits(Small(row)[0]);

    /// <summary>Whether the span is worth showing, by its rank: then <see cref="Offer(int, long, uint, in SpanLink)"/> takes it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add(int row, long durationNanos, double weight, uint rank)
    {
        int column = durationNanos >= 0 ? SeriesTable.FirstBucket + _bounds.BucketOf(durationNanos) : SeriesTable.WithoutDuration;
        long nanos = Math.Max(durationNanos, 0);
        Span<double> small = Small(row);
        if (weight != 1)
        {
            AddWeighted(row, column, nanos, weight);
        }
        else
        {
            small[0] += nanos;
            if (++MemoryMarshal.Cast<double, ushort>(small)[DeltaChunk.CountsAt + column] == 0)
            {
                Wide(row)[column] += DeltaChunk.Wrapped;
            }
        }

        return rank > MemoryMarshal.Cast<double, uint>(small)[DeltaChunk.RankAt];
    }

    /// <summary>Shows the span as an exemplar, unless others are worth it more or it leads nowhere.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Offer(int row, long durationNanos, uint rank, in SpanLink link)
    {
        if (link.Trace != 0)
        {
            Offer(row, new Exemplar
            {
                Series = _chunks[row / DeltaChunk.Rows].Series[row % DeltaChunk.Rows],
                Bucket = durationNanos >= 0 ? _bounds.BucketOf(durationNanos) : Exemplar.OfCounter,
                Link = link,
                DurationNanos = durationNanos,
                Rank = rank,
            });
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

        if (_exemplars.Count > 0)
        {
            chunks[0].Exemplars = _exemplars;
            _exemplars = new ExemplarReservoir();
        }

        Array.Clear(_small);
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
                chunk.AddTo(other.Wide(other.RowOf(chunk.Series[i])), i);
            }

            foreach (ref readonly Exemplar exemplar in chunk.Exemplars is null ? [] : chunk.Exemplars.Ordered())
            {
                other.Offer(other.RowOf(exemplar.Series), exemplar);
            }
        }
    }

    private void Offer(int row, in Exemplar exemplar)
    {
        ref uint highest = ref MemoryMarshal.Cast<double, uint>(Small(row))[DeltaChunk.RankAt];
        highest = Math.Max(highest, exemplar.Rank);
        _exemplars.Offer(exemplar);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<double> Small(int row) => _small[(uint)row / DeltaChunk.Rows].AsSpan((int)((uint)row % DeltaChunk.Rows) * _smallWidth, _smallWidth);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddWeighted(int row, int column, long nanos, double weight)
    {
        Span<double> values = Wide(row);
        values[SeriesTable.SumNanos] += nanos * weight;
        values[column] += weight;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Span<double> Wide(int row) => _chunks[row / DeltaChunk.Rows].Wide(row % DeltaChunk.Rows);

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
            if (_chunks.Count == _small.Length)
            {
                Array.Resize(ref _small, Math.Max(4, _small.Length * 2));
            }

            _small[_chunks.Count] = fresh.Small;
            _chunks.Add(fresh);
        }

        DeltaChunk chunk = _chunks[^1];
        chunk.Series[chunk.Count++] = series;
        _rowOf[series] = ++_rows;
        return _rows - 1;
    }
}
