using SpanMetrics.Exposition;

namespace SpanMetrics.Pipeline;

/// <summary>
/// Readers of the page take turns; none of them holds up a worker, which is asked for what it added and goes on at once.
/// </summary>
internal sealed class Scrapes(PartitionWorker[] workers, PageKeeper keeper) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>What <paramref name="read"/> makes of the page as of a moment after the call; the page is borrowed until it returns.</summary>
    public async Task<T> ReadAsync<T>(Func<Page, T> read, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            keeper.BeginFold();

            // Once asked for, increments must be folded: nobody else has them. A worker answers within one record.
            var asked = new Task<WorkerHandover?>[workers.Length];
            for (int worker = 0; worker < workers.Length; worker++)
            {
                asked[worker] = workers[worker].HandOverAsync(keeper.TellStale(worker));
            }

            for (int worker = 0; worker < workers.Length; worker++)
            {
                if (await asked[worker].ConfigureAwait(false) is WorkerHandover handover)
                {
                    keeper.Fold(worker, handover);
                }
            }

            return read(keeper.Page());
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
