namespace SpanMetrics.Pipeline;

/// <summary>
/// The workers' place in the host: they read from when the page answers, and have stopped reading before the page goes away.
/// </summary>
internal sealed class WorkerService(PartitionWorker[] workers) : IHostedLifecycleService
{
    /// <summary>Ends when every worker has left its group; faulted as soon as one could not go on.</summary>
    public Task Ended { get; } = EndAsync(workers);

    /// <summary>Null when ready: as soon as one worker reads, since others may be spares.</summary>
    public string? WhyNotReady()
    {
        string? why = null;
        foreach (PartitionWorker worker in workers)
        {
            why = worker.WhyNotReady();
            if (why is null)
            {
                return null;
            }
        }

        return why;
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (PartitionWorker worker in workers)
        {
            worker.Start();
        }

        return Task.CompletedTask;
    }

    // A failure of a worker is told by Ended; stopping goes on all the same.
    public async Task StoppingAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(Array.ConvertAll(workers, worker => worker.StopAsync())).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task EndAsync(PartitionWorker[] workers)
    {
        await foreach (Task ended in Task.WhenEach(Array.ConvertAll(workers, worker => worker.Ended)).ConfigureAwait(false))
        {
            await ended.ConfigureAwait(false);
        }
    }
}
