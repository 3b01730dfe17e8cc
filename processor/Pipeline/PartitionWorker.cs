using System.Globalization;
using System.Threading.Channels;
using Confluent.Kafka;
using SpanMetrics.Aggregation;
using SpanMetrics.Delivery;
using SpanMetrics.Diagnostics;
using SpanMetrics.Exposition;
using SpanMetrics.Ingest;

namespace SpanMetrics.Pipeline;

/// <summary>
/// One thread that owns a consumer, its partitions, their increments and the series: no locks. Everybody else asks it for a
/// page through a channel, which it looks into between records.
/// </summary>
internal sealed class PartitionWorker : IRecordSink, IPartitionOwner
{
    // Also the longest that a scrape waits while no records come.
    private static readonly TimeSpan PollTimeout = TimeSpan.FromMilliseconds(20);

    private readonly KafkaOptions _options;
    private readonly RecordPipeline _pipeline;
    private readonly CommitLedger _ledger;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogGate _badRecords;
    private readonly Dictionary<TopicPartition, PartitionDeltas> _deltas = [];
    private readonly Dictionary<TopicPartition, long> _next = []; // of assigned partitions: the offset after the last counted
    private readonly Channel<TaskCompletionSource<Page>> _requests = Channel.CreateUnbounded<TaskCompletionSource<Page>>(new() { SingleReader = true });
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile WorkerState _state = WorkerState.Joining;
    private volatile bool _stopping;
    private Page? _lastPage;

    public PartitionWorker(KafkaOptions options, RecordPipeline pipeline, TimeProvider time, ILogger<PartitionWorker> logger)
    {
        _options = options;
        _pipeline = pipeline;
        _time = time;
        _logger = logger;
        _ledger = new CommitLedger(time, TimeSpan.FromSeconds(1));
        _badRecords = new LogGate(time, 5, TimeSpan.FromSeconds(10));
    }

    /// <summary>Null when ready.</summary>
    public string? WhyNotReady() => _state switch
    {
        WorkerState.Joining => $"no partition assigned yet by {_options.BootstrapServers}",
        WorkerState.Draining => "draining",
        _ => null,
    };

    /// <summary>Ends when the worker has left its group; faulted when it could not go on.</summary>
    public Task Ended => _ended.Task;

    /// <summary>At most once.</summary>
    public void Start() => new Thread(Run) { Name = "partition worker", IsBackground = true }.Start();

    /// <summary>Reads no more, counts what was read, commits it, leaves the group.</summary>
    public Task StopAsync()
    {
        _stopping = true;
        return _ended.Task;
    }

    /// <summary>The page as of a moment after the call; the last one when the worker has ended.</summary>
    public async Task<Page> GetPageAsync(CancellationToken cancellation)
    {
        var request = new TaskCompletionSource<Page>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_requests.Writer.TryWrite(request))
        {
            return _lastPage!;
        }

        return await request.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    void IRecordSink.Take(ReadOnlySpan<byte> value, bool isNull) => _pipeline.Take(value, isNull);

    void IPartitionOwner.Assigned(IReadOnlyList<TopicPartition> partitions)
    {
        foreach (TopicPartition partition in partitions)
        {
            _next[partition] = -1;
        }

        _state = WorkerState.Consuming;
    }

    void IPartitionOwner.Revoked(KafkaSource source, IReadOnlyList<TopicPartition> partitions)
    {
        Release(source, _ledger.ReleaseAll());
        foreach (TopicPartition partition in partitions)
        {
            _next.Remove(partition);
        }
    }

    void IPartitionOwner.Lost(IReadOnlyList<TopicPartition> partitions)
    {
        foreach (TopicPartition partition in partitions)
        {
            _ledger.Lost(partition);
            _next.Remove(partition);
        }

        if (_next.Count == 0)
        {
            _state = WorkerState.Joining;
        }
    }

    private void Run()
    {
        try
        {
            using var source = new KafkaSource(_options, this, this, _time, _logger);
            while (!_stopping)
            {
                ServeRequests(source);
                if (source.Consume(PollTimeout) is TopicPartitionOffset at)
                {
                    Count(at);
                }

                Release(source, _ledger.ReleaseDue());
            }

            _state = WorkerState.Draining;
            Log.Draining(_logger);
            Release(source, _ledger.ReleaseAll());
            CloseRequests(Lag(source)); // leaving the group may take seconds; nothing is counted any more
            source.Close();
            Log.Stopped(_logger, _pipeline.Input.Counted, _pipeline.Input.Records);
            _ended.SetResult();
        }
        catch (Exception exception)
        {
            if (exception is KafkaFatalException)
            {
                Log.KafkaFatal(_logger, exception.Message);
            }
            else
            {
                Log.WorkerFailed(_logger, exception);
            }

            _state = WorkerState.Draining;
            CloseRequests([]);
            _ended.SetException(exception);
        }
    }

    private void Count(TopicPartitionOffset at)
    {
        TopicPartition partition = at.TopicPartition;
        if (!_deltas.TryGetValue(partition, out PartitionDeltas? deltas))
        {
            // Kept when the partition goes: at most one table for each partition of the topics.
            _deltas.Add(partition, deltas = _pipeline.AddPartition());
        }

        _pipeline.Apply(deltas);
        _next[partition] = at.Offset.Value + 1;
        _ledger.Counted(partition, at.Offset + 1);
        if (_pipeline.Status != Otlp.DecodeStatus.Ok && _badRecords.TryPass(out long suppressed))
        {
            Log.BadRecord(
                _logger, at.Topic, at.Partition.Value, at.Offset.Value,
                _pipeline.Salvaged ? "salvaged in part" : "rejected", InputCounts.ReasonOf(_pipeline.Status), suppressed);
        }
    }

    private static void Release(KafkaSource source, IReadOnlyCollection<TopicPartitionOffset> offsets)
    {
        foreach (TopicPartitionOffset offset in offsets)
        {
            source.Store(offset);
        }
    }

    private void ServeRequests(KafkaSource source)
    {
        if (_requests.Reader.TryPeek(out _))
        {
            Answer(_pipeline.Fold(Lag(source)));
        }
    }

    private void CloseRequests(IEnumerable<PlainFamily> lag)
    {
        _lastPage = _pipeline.Fold(lag);
        if (_requests.Writer.TryComplete())
        {
            Answer(_lastPage);
        }
    }

    // Everybody who has asked so far shares the fold.
    private void Answer(Page page)
    {
        while (_requests.Reader.TryRead(out TaskCompletionSource<Page>? request))
        {
            request.SetResult(page);
        }
    }

    private IEnumerable<PlainFamily> Lag(KafkaSource source)
    {
        var lag = new PlainFamily("spanmetrics_consumer_lag_records", "Records between what is counted and the partition's end as of the last fetch.", isCounter: false);
        foreach ((TopicPartition partition, long next) in _next)
        {
            if (next >= 0 && source.HighWatermark(partition) is long high)
            {
                lag.With(string.Create(CultureInfo.InvariantCulture, $"topic=\"{partition.Topic}\",partition=\"{partition.Partition.Value}\""), Math.Max(0, high - next));
            }
        }

        yield return lag;
    }
}
