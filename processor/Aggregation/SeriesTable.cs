using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>
/// The series of one view as they are exposed: label sets of all workers, and their cumulative values. Not thread-safe: owned by the page.
/// A row of values is sum of nanoseconds, spans without a duration, then one number for each bucket and one for +Inf, not cumulated; the same
/// for native buckets, where the view has them; and when the series was 0, in Unix milliseconds.
/// </summary>
internal sealed class SeriesTable
{
    public const int SumNanos = 0;
    public const int WithoutDuration = 1;
    public const int FirstBucket = 2;

    private const int ChunkRows = 512;

    private LabelSets _labelSets;
    private SymbolTable _symbols;
    private readonly int[] _textAt; // by label: the place in a key, or 0 for a closed dimension
    private readonly int _nativeAt;
    private readonly int _createdAt;
    private readonly int[] _classicOf = [], _nativeOf = []; // by bucket as counted, where the view has native ones
    private readonly double[] _counted = []; // scratch for the same
    private readonly List<double[]> _chunks = []; // never copied: a table that doubles would hold half its memory in vain
    private readonly List<SeriesLife[]> _lives = []; // beside the chunks
    private readonly HeldExemplars _exemplars;
    private readonly double[] _zeros;
    private double _overflowedBefore; // under overflow label sets that are gone

    public SeriesTable(View view, SymbolTable symbols, int limit)
    {
        View = view;
        _exemplars = new HeldExemplars(view.NanosInUnit);
        Limit = limit;
        _symbols = symbols;
        _labelSets = new LabelSets(view, limit);
        _nativeAt = WidthOf(view.Buckets);
        _createdAt = _nativeAt;
        if (view.Native is NativeBuckets native)
        {
            double[] counted = view.CountedBounds;
            _createdAt += native.Bounds.Length + 1;
            _classicOf = NativeBuckets.Within(counted, view.Buckets);
            _nativeOf = NativeBuckets.Within(counted, native.Bounds);
            _counted = new double[WidthOf(counted)];
        }

        _zeros = new double[_createdAt];
        int text = 0;
        _textAt = [.. Array.ConvertAll(view.Dimensions, dimension => DimensionText.IsText(dimension) ? ++text : 0), .. Array.ConvertAll(view.Own, _ => ++text)];
    }

    public View View { get; }

    public int Limit { get; }

    public int SeriesCount => _labelSets.Count;

    /// <summary>Spans that were counted under an overflow label set.</summary>
    public double Overflowed
    {
        get
        {
            double spans = _overflowedBefore;
            foreach (int series in _labelSets.Overflows)
            {
                spans += this[series].Count;
            }

            return spans;
        }
    }

    /// <summary>Series that were let go since the start.</summary>
    public long Expired { get; private set; }

    /// <summary>The last snapshot that brought a counter or a histogram.</summary>
    public int LastBorn { get; private set; }

    public SeriesValue this[int series] => ValueOf(Row(series));

    /// <summary>What the counter says to a scraper that was shown the page up to a snapshot: 0 when it is newer, so that increase() has where to begin.</summary>
    public SeriesValue Counter(int series, int shown) => ValueOf(Life(series).Born <= shown ? Row(series) : _zeros);

    /// <summary>The same for the histogram, which may be newer than its counter.</summary>
    public SeriesValue Histogram(int series, int shown) => ValueOf(Life(series).Observed <= shown ? Row(series) : _zeros);

    /// <summary>None while anything of the series is shown as 0.</summary>
    public ReadOnlySpan<Exemplar> ExemplarsOf(int series, int shown) => Math.Max(Life(series).Born, Life(series).Observed) <= shown ? _exemplars.Of(series) : [];

    public long CreatedUnixMillis(int series) => (long)Row(series)[_createdAt];

    public bool IsOverflow(int series) => _labelSets.KeyOf(series)[1..].Contains(SymbolTable.Overflow);

    /// <summary>False for a label set that nothing with a duration was counted under.</summary>
    public bool HasHistogram(int series) => Life(series).Observed > 0;

    /// <summary>How many were born after a snapshot. They are numbered as they are born.</summary>
    public int BornAfter(int snapshot)
    {
        int after = SeriesCount;
        while (after > 0 && Life(after - 1).Born > snapshot)
        {
            after--;
        }

        return SeriesCount - after;
    }

    public static int WidthOf(double[] bounds) => FirstBucket + bounds.Length + 1;

    /// <summary>The value of one of the view's labels: UTF-8, not escaped; empty only for a dimension of the configuration's that has no label then.</summary>
    public ReadOnlySpan<byte> LabelOf(int series, int label)
    {
        ReadOnlySpan<int> key = _labelSets.KeyOf(series);
        int text = _textAt[label];
        return text > 0 ? _symbols.TextOf(key[text]) : DimensionText.ClosedBytesOf(View.Dimensions[label], key[0]);
    }

    /// <summary>The same as a number: a symbol that is valid until the next fold, or the place in a closed set.</summary>
    public int ValueOf(int series, int dimension)
    {
        ReadOnlySpan<int> key = _labelSets.KeyOf(series);
        int text = _textAt[dimension];
        return text > 0 ? key[text] : ClosedValues.ValueOf(key[0], View.Dimensions[dimension]);
    }

    /// <summary>The series with a label set of a worker's, whose symbols are not ours.</summary>
    public int Adopt(ReadOnlySpan<int> key, SymbolTable symbols, Moment now, long createdUnixMillis)
    {
        int known = SeriesCount;
        int series = FindOrAdd(_labelSets, key, symbols, _symbols);
        if (series >= _chunks.Count * ChunkRows)
        {
            _chunks.Add(new double[ChunkRows * RowWidth]);
            _lives.Add(new SeriesLife[ChunkRows]);
        }

        if (series >= known)
        {
            Life(series) = new SeriesLife { Born = now.Snapshot, Touched = now.Seconds };
            LastBorn = now.Snapshot;
            Row(series)[_createdAt] = createdUnixMillis;
        }

        return series;
    }

    public void Add(int series, DeltaChunk chunk, int row, Moment now)
    {
        Span<double> to = Row(series);
        AddCounted(to, chunk, row);
        ref SeriesLife life = ref Life(series);
        life.Touched = now.Seconds;
        if (life.Observed == 0 && ValueOf(to).Observed > 0)
        {
            life.Observed = now.Snapshot;
            LastBorn = now.Snapshot;
        }
    }

    public void Offer(in Exemplar exemplar)
    {
        _exemplars.Offer(exemplar with { Bucket = Exemplar.OfCounter });
        if (exemplar.Bucket != Exemplar.OfCounter && View.HistogramFamily is not null)
        {
            _exemplars.Offer(_classicOf.Length == 0 ? exemplar : exemplar with { Bucket = _classicOf[exemplar.Bucket] });
        }
    }

    /// <summary>Whether there is a series for <see cref="Expire"/>.</summary>
    public bool HasIdle(IdleSince idle)
    {
        for (int series = 0; series < SeriesCount; series++)
        {
            if (IsIdle(series, idle))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Lets go of series that nothing was added to for long. The others move together, in their order.</summary>
    /// <param name="idle">Since when.</param>
    /// <param name="symbols">Takes the place of the symbols so far, which have values that no series carries any more.</param>
    /// <returns>By number so far the new one, or -1.</returns>
    public int[] Expire(IdleSince idle, SymbolTable symbols)
    {
        var moved = new int[SeriesCount];
        var kept = new LabelSets(View, Limit);
        foreach (int series in _labelSets.Overflows)
        {
            _overflowedBefore += IsIdle(series, idle) ? this[series].Count : 0;
        }

        for (int series = 0; series < moved.Length; series++)
        {
            if (IsIdle(series, idle))
            {
                moved[series] = -1;
                continue;
            }

            int to = FindOrAdd(kept, _labelSets.KeyOf(series), _symbols, symbols); // never above the number so far
            moved[series] = to;
            Row(series).CopyTo(Row(to));
            Life(to) = Life(series);
        }

        _exemplars.Renumber(moved);
        Expired += moved.Length - kept.Count;
        int chunks = (kept.Count + ChunkRows - 1) / ChunkRows;
        _chunks.RemoveRange(chunks, _chunks.Count - chunks);
        _lives.RemoveRange(chunks, _lives.Count - chunks);
        for (int series = kept.Count; series < chunks * ChunkRows; series++)
        {
            Row(series).Clear();
        }

        _labelSets = kept;
        _symbols = symbols;
        return moved;
    }

    public static void AddRow(Span<double> to, ReadOnlySpan<double> from)
    {
        int i = 0;
        for (; i <= to.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            (new Vector<double>(to[i..]) + new Vector<double>(from[i..])).CopyTo(to[i..]);
        }

        for (; i < to.Length; i++)
        {
            to[i] += from[i];
        }
    }

    private bool IsIdle(int series, IdleSince idle) => Life(series).Touched is uint touched && touched < idle.Before && (touched < idle.DeniedBefore || !_labelSets.IsDenied(series));

    private static int FindOrAdd(LabelSets sets, ReadOnlySpan<int> key, SymbolTable from, SymbolTable to)
    {
        Span<Vector256<int>> vectors = stackalloc Vector256<int>[sets.KeyLength];
        vectors.Clear();
        Span<int> ours = MemoryMarshal.Cast<Vector256<int>, int>(vectors);
        ours[0] = key[0];
        for (int i = 1; i < key.Length; i++)
        {
            ours[i] = key[i] == SymbolTable.Overflow ? SymbolTable.Overflow : to.Intern(from.TextOf(key[i]));
        }

        return sets.FindOrAdd(vectors, KeyedHash.Of(vectors));
    }

    private void AddCounted(Span<double> to, DeltaChunk chunk, int row)
    {
        if (_counted.Length == 0)
        {
            chunk.AddTo(to[.._createdAt], row);
            return;
        }

        Array.Clear(_counted);
        chunk.AddTo(_counted, row);
        to[SumNanos] += _counted[SumNanos];
        to[WithoutDuration] += _counted[WithoutDuration];
        for (int i = 0; i < _classicOf.Length; i++)
        {
            to[FirstBucket + _classicOf[i]] += _counted[FirstBucket + i];
            to[_nativeAt + _nativeOf[i]] += _counted[FirstBucket + i];
        }
    }

    private int RowWidth => _createdAt + 1;

    private SeriesValue ValueOf(ReadOnlySpan<double> row) => new(row[.._createdAt], _nativeAt, View);

    private ref SeriesLife Life(int series) => ref _lives[series / ChunkRows][series % ChunkRows];

    private Span<double> Row(int series) => _chunks[series / ChunkRows].AsSpan(series % ChunkRows * RowWidth, RowWidth);
}
