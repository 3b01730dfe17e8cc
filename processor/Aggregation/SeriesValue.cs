namespace SpanMetrics.Aggregation;

/// <summary>What one series says. Borrowed from its table: valid until the next fold.</summary>
internal readonly ref struct SeriesValue(ReadOnlySpan<double> row, int nativeAt, View view)
{
    private readonly ReadOnlySpan<double> _row = row;

    /// <summary>Of durations, in the view's unit.</summary>
    public double Sum => _row[SeriesTable.SumNanos] / view.NanosInUnit;

    /// <summary>Spans by duration, one number for each bound of the view and one for +Inf, not cumulated.</summary>
    public ReadOnlySpan<double> Buckets => _row[SeriesTable.FirstBucket..nativeAt];

    /// <summary>The same for <see cref="View.Native"/>; empty where the view has none.</summary>
    public ReadOnlySpan<double> NativeBuckets => _row[nativeAt..];

    /// <summary>Spans, those without a duration too.</summary>
    public double Count => _row[SeriesTable.WithoutDuration] + Observed;

    /// <summary>Spans with a duration.</summary>
    public double Observed
    {
        get
        {
            double count = 0;
            foreach (double bucket in Buckets)
            {
                count += bucket;
            }

            return count;
        }
    }
}
