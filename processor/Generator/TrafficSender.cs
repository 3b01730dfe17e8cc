using SpanMetrics.Otlp;

namespace SpanMetrics.Generator;

/// <summary>Drives traffic into a target at a pace.</summary>
internal static class TrafficSender
{
    // After a longer halt (a suspended laptop, a broker away) the rate goes on from there instead of catching up in a burst.
    private static readonly TimeSpan CatchUpLimit = TimeSpan.FromSeconds(2);

    /// <summary>Until the count is reached or <paramref name="stop"/>; then waits for the target.</summary>
    /// <param name="progress">Told after each record.</param>
    /// <returns>Records that did not arrive. What was driven is in the traffic's summary.</returns>
    public static async Task<long> RunAsync(
        AgentTraffic traffic,
        IBatchTarget target,
        TrafficPace pace,
        TimeProvider clock,
        Action<TrafficSummary>? progress,
        CancellationToken stop)
    {
        var record = new WireWriter(1 << 17);
        long origin = clock.GetTimestamp();
        long paced = 0;
        long sent = 0;
        try
        {
            while (!stop.IsCancellationRequested && (pace.Count == 0 || sent < pace.Count))
            {
                if (pace.Rate > 0)
                {
                    TimeSpan ahead = TimeSpan.FromSeconds((double)paced / pace.Rate) - clock.GetElapsedTime(origin);
                    if (ahead > TimeSpan.Zero)
                    {
                        await Task.Delay(ahead, clock, stop);
                    }
                    else if (-ahead > CatchUpLimit)
                    {
                        origin = clock.GetTimestamp();
                        paced = 0;
                    }
                }
                record.Clear();
                int spans = traffic.WriteBatch(record, pace.NextBatch(sent), UnixNanos(clock));
                // Counted as driven, so it is sent: the target decides how long it may take.
                await target.SendAsync(record.WrittenMemory, CancellationToken.None);
                sent += spans;
                paced += spans;
                progress?.Invoke(traffic.Summary);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped while waiting for the next record's time: nothing is half done.
        }
        return await target.CompleteAsync();
    }

    private static ulong UnixNanos(TimeProvider clock) =>
        (ulong)(clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}
