namespace SpanMetrics.Pipeline;

/// <summary>
/// The worker's place in the host: it reads from when the page answers, and has stopped reading before the page goes away.
/// </summary>
internal sealed class WorkerService(PartitionWorker worker) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        worker.Start();
        return Task.CompletedTask;
    }

    // A failure of the worker is told by PartitionWorker.Ended; stopping goes on all the same.
    public async Task StoppingAsync(CancellationToken cancellationToken) =>
        await worker.StopAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
