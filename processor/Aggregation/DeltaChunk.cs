using System.Runtime.InteropServices;

namespace SpanMetrics.Aggregation;

/// <summary>
/// Increments of up to <see cref="Rows"/> series. Filled by a worker, then handed over to the page, which reads it and lets it go.
/// A small row is a sum of nanoseconds, the highest rank of an exemplar so far, and counts of 16 bits; what these cannot hold is in a row of
/// doubles beside it.
/// </summary>
internal sealed class DeltaChunk(int rowWidth)
{
    /// <summary>What a partition takes at least, in rows, in each view that it touches.</summary>
    public const int Rows = 512;

    /// <summary>Where a small row has the rank, in numbers of 32 bits.</summary>
    public const int RankAt = sizeof(double) / sizeof(uint);

    /// <summary>Where, in counts, a small row would have the first column of a row of doubles: the second one is behind the rank.</summary>
    public const int CountsAt = CountsInDouble + (sizeof(uint) / sizeof(ushort)) - SeriesTable.WithoutDuration;

    /// <summary>What a count had when it is 0 again.</summary>
    public const double Wrapped = ushort.MaxValue + 1;

    private const int CountsInDouble = sizeof(double) / sizeof(ushort);

    private readonly int _smallWidth = SmallWidthOf(rowWidth);
    private double[]? _wide;

    /// <summary>Of each row: the worker's number of the series.</summary>
    public int[] Series { get; } = new int[Rows];

    public double[] Small { get; } = new double[Rows * SmallWidthOf(rowWidth)];

    public int Count { get; set; }

    /// <summary>Of this and all chunks that are handed over with it; null where another one has them, or there are none.</summary>
    public ExemplarReservoir? Exemplars { get; set; }

    public static int SmallWidthOf(int rowWidth) => (CountsAt + rowWidth + CountsInDouble - 1) / CountsInDouble;

    /// <summary>Sum of nanoseconds, spans without a duration, then one number for each of <see cref="View.CountedBounds"/> and one above them.</summary>
    public Span<double> Wide(int row) => (_wide ??= new double[Rows * rowWidth]).AsSpan(row * rowWidth, rowWidth);

    public void AddTo(Span<double> to, int row)
    {
        ReadOnlySpan<double> small = Small.AsSpan(row * _smallWidth, _smallWidth);
        ReadOnlySpan<ushort> counts = MemoryMarshal.Cast<double, ushort>(small).Slice(CountsAt, to.Length);
        to[SeriesTable.SumNanos] += small[0];
        for (int i = SeriesTable.WithoutDuration; i < to.Length; i++)
        {
            to[i] += counts[i];
        }

        if (_wide is not null)
        {
            SeriesTable.AddRow(to, Wide(row));
        }
    }
}
