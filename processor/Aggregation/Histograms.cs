namespace SpanMetrics.Aggregation;

/// <summary>Which buckets the protobuf format tells. Text formats tell the classic ones: they know no others.</summary>
internal enum Histograms
{
    /// <summary>The bounds of the view, a series for each.</summary>
    Classic,

    /// <summary><see cref="NativeBuckets"/>, all in one series.</summary>
    Native,
    Both,
}
