namespace SpanMetrics.Exposition;

/// <summary>Looks at the page once for each slot of the history, whether anybody watches or not.</summary>
internal sealed class StatusClock(PageReader read, StatusHistory history, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(Track.SlotSeconds), time);
        do
        {
            using PageBuffer nothing = await read(Observe, stoppingToken).ConfigureAwait(false);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    private PageBuffer Observe(Page page)
    {
        history.Observe(page);
        return new PageBuffer();
    }
}
