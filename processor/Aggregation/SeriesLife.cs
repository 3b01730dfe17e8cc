namespace SpanMetrics.Aggregation;

/// <summary>Since when a series is on the page, and until when it was of use.</summary>
internal struct SeriesLife
{
    /// <summary>The first snapshot with its counter.</summary>
    public int Born;

    /// <summary>The first snapshot with its histogram; 0 while nothing with a duration was counted.</summary>
    public int Observed;

    /// <summary>When it was added to last, as in <see cref="Moment.Seconds"/>.</summary>
    public uint Touched;
}
