using System.Numerics;
using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>
/// The series of one view as they are exposed: label sets of all workers, and their cumulative values. Not thread-safe: owned by the page.
/// A row of values is sum of nanoseconds, spans without a duration, then one number for each bucket and one for +Inf, not cumulated.
/// </summary>
internal sealed class SeriesTable
{
    public const int SumNanos = 0;
    public const int WithoutDuration = 1;
    public const int FirstBucket = 2;

    private const int ChunkRows = 512;

    private readonly LabelSets _labelSets;
    private readonly SymbolTable _symbols;
    private readonly int[] _textAt; // by the view's dimensions: the place in a key, or 0 for a closed dimension
    private readonly int _rowWidth;
    private readonly List<double[]> _chunks = []; // never copied: a table that doubles would hold half its memory in vain

    public SeriesTable(View view, SymbolTable symbols, int limit)
    {
        View = view;
        Limit = limit;
        _symbols = symbols;
        _labelSets = new LabelSets(view, limit);
        _rowWidth = WidthOf(view);
        int text = 0;
        _textAt = Array.ConvertAll(view.Dimensions, dimension => DimensionText.IsText(dimension) ? ++text : 0);
    }

    public View View { get; }

    public int Limit { get; }

    public int SeriesCount => _labelSets.Count;

    /// <summary>Spans that were counted under an overflow label set.</summary>
    public double Overflowed
    {
        get
        {
            double spans = 0;
            foreach (int series in _labelSets.Overflows)
            {
                spans += this[series].Count;
            }

            return spans;
        }
    }

    public SeriesValue this[int series] => new(Row(series));

    public static int WidthOf(View view) => FirstBucket + view.Buckets.Length + 1;

    /// <summary>The label value of one of the view's dimensions: UTF-8, not escaped, never empty.</summary>
    public ReadOnlySpan<byte> LabelOf(int series, int dimension)
    {
        ReadOnlySpan<int> key = _labelSets.KeyOf(series);
        int text = _textAt[dimension];
        return text > 0 ? _symbols.TextOf(key[text]) : DimensionText.ClosedBytesOf(View.Dimensions[dimension], key[0]);
    }

    /// <summary>The series with a label set of a worker's, whose symbols are not ours.</summary>
    public int Adopt(ReadOnlySpan<int> key, SymbolTable symbols)
    {
        Span<int> ours = stackalloc int[key.Length];
        ours[0] = key[0];
        for (int i = 1; i < key.Length; i++)
        {
            ours[i] = key[i] == SymbolTable.Overflow ? SymbolTable.Overflow : _symbols.Intern(symbols.TextOf(key[i]));
        }

        int series = _labelSets.FindOrAdd(ours, KeyedHash.Of(ours));
        if (series >= _chunks.Count * ChunkRows)
        {
            _chunks.Add(new double[ChunkRows * _rowWidth]);
        }

        return series;
    }

    public void Add(int series, DeltaChunk chunk, int row) => chunk.AddTo(Row(series), row);

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

    private Span<double> Row(int series) => _chunks[series / ChunkRows].AsSpan(series % ChunkRows * _rowWidth, _rowWidth);
}
