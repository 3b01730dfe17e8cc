namespace SpanMetrics.Aggregation;

/// <summary>What one view said at one moment. Immutable, safe to read from any thread.</summary>
internal sealed class ViewSnapshot
{
    public required View View { get; init; }

    public required int RowWidth { get; init; }

    /// <summary>For each series its labels as text, escaped, without braces.</summary>
    public required ReadOnlyMemory<byte[]> Labels { get; init; }

    /// <summary>For each series a row as <see cref="SeriesTable"/> describes it.</summary>
    public required double[] Values { get; init; }

    public required int Limit { get; init; }

    public required long Overflowed { get; init; }

    public int SeriesCount => Labels.Length;

    public ReadOnlySpan<double> Row(int series) => Values.AsSpan(series * RowWidth, RowWidth);
}
