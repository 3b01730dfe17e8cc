namespace SpanMetrics.Aggregation;

/// <summary>Increments of up to <see cref="Rows"/> series. Filled by a worker, then handed over to the page, which reads it and lets it go.</summary>
internal sealed class DeltaChunk(int rowWidth)
{
    /// <summary>What a partition takes at least, in rows, in each view that it touches.</summary>
    public const int Rows = 256;

    /// <summary>Of each row: the worker's number of the series.</summary>
    public int[] Series { get; } = new int[Rows];

    /// <summary>Rows as <see cref="SeriesTable"/> describes them.</summary>
    public double[] Values { get; } = new double[Rows * rowWidth];

    public int Count { get; set; }

    public Span<double> Row(int row) => Values.AsSpan(row * rowWidth, rowWidth);
}
