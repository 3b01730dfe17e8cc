namespace SpanMetrics.Generator;

/// <param name="Rate">Spans per second; 0 is as fast as the target takes them.</param>
/// <param name="Count">Spans in all; 0 is until stopped.</param>
/// <param name="Batch">Spans in a record, fewer where that would be less than a record a second.</param>
internal readonly record struct TrafficPace(int Rate, long Count, int Batch)
{
    public const int DefaultRate = 500;
    public const int DefaultBatch = 200;

    public int NextBatch(long sent)
    {
        int batch = Rate > 0 ? Math.Min(Batch, Rate) : Batch;
        return Count > 0 ? (int)Math.Min(batch, Count - sent) : batch;
    }
}
