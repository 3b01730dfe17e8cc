using System.Threading.Channels;
using SpanMetrics.Aggregation;
using SpanMetrics.Pipeline;

namespace SpanMetrics.Tests.Unit;

/// <summary>
/// A thread that counts the same records over and over as fast as it can, and hands over between two of them as
/// <see cref="PartitionWorker"/> does. Records that it had not seen yet come up all the time.
/// </summary>
internal sealed class FedWorker(byte[][] records, int seed)
{
    private const int Partitions = 3;
    private const int RecordsBeforeANewOne = 50;

    private readonly RecordPipeline _pipeline = new(Printed.Options, TimeProvider.System);
    private readonly Channel<TaskCompletionSource<WorkerHandover>> _requests = Channel.CreateUnbounded<TaskCompletionSource<WorkerHandover>>();

    /// <summary>By record, how often; to be read when the thread has ended.</summary>
    public long[] Fed { get; } = new long[records.Length];

    /// <summary>Ends when the token says so; then nothing is left but the last handover.</summary>
    public Task<WorkerHandover> RunAsync(CancellationToken stop) =>
        Task.Factory.StartNew(() => Run(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public Task<WorkerHandover> HandOverAsync()
    {
        var request = new TaskCompletionSource<WorkerHandover>(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.True(_requests.Writer.TryWrite(request));
        return request.Task;
    }

    private WorkerHandover Run(CancellationToken stop)
    {
        var random = new Random(seed);
        int[] order = [.. Enumerable.Range(0, records.Length)];
        random.Shuffle(order);
        PartitionDeltas[] partitions = [.. Enumerable.Range(0, Partitions).Select(_ => _pipeline.AddPartition())];
        for (long fed = 0; !stop.IsCancellationRequested; fed++)
        {
            int record = order[random.Next((int)Math.Min(records.Length, 1 + (fed / RecordsBeforeANewOne)))];
            _pipeline.Take(records[record], isNull: false);
            _pipeline.Apply(partitions[fed % Partitions]);
            Fed[record]++;
            Serve();
        }

        Serve();
        return _pipeline.HandOver([]);
    }

    private void Serve()
    {
        while (_requests.Reader.TryRead(out TaskCompletionSource<WorkerHandover>? request))
        {
            request.SetResult(_pipeline.HandOver([]));
        }
    }
}
