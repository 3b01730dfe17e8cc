namespace SpanMetrics.Aggregation;

/// <summary>One span counted in one series of one view; <paramref name="Seconds"/> is NaN where there is nothing to observe.</summary>
internal readonly record struct Increment(int View, int Series, double Seconds);
