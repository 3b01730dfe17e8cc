using System.Threading.Channels;
using Confluent.Kafka;
using SpanMetrics.Aggregation;
using SpanMetrics.Delivery;
using SpanMetrics.Diagnostics;
using SpanMetrics.Ingest;

namespace SpanMetrics.Pipeline;

/// <summary>
/// One thread that owns a consumer, its partitions and their increments: no locks. The page asks it for what it added through a
/// channel, which it looks into between records.
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
    private readonly Dictionary<TopicPartition, Position> _positions = []; // of assigned partitions
    private readonly List<PartitionPosition> _lost = []; // until something is assigned again: who reads on is not known before
    private readonly Channel<HandoverRequest> _requests = Channel.CreateUnbounded<HandoverRequest>(new() { SingleReader = true });
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile WorkerState _state = WorkerState.Joining;
    private volatile bool _stopping;
    private bool _started;
    private bool _closed;
    private WorkerHandover? _last;

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
    public void Start()
    {
        if (_stopping)
        {
            return; // stopped before it began, and ended so
        }

        _started = true;
        new Thread(Run) { Name = "partition worker", IsBackground = true }.Start();
    }

    /// <summary>Reads no more, counts what was read, commits it, leaves the group.</summary>
    public Task StopAsync()
    {
        _stopping = true;
        if (!_started)
        {
            CloseRequests([]);
            _ended.TrySetResult();
        }

        return _ended.Task;
    }

    /// <summary>What was added since the last call, as of a moment after this one; null when the worker has ended and gave everything.</summary>
    /// <param name="startAfresh">Whether it is to forget its label sets then.</param>
    public Task<WorkerHandover?> HandOverAsync(bool startAfresh = false)
    {
        var request = new HandoverRequest(startAfresh);
        return _requests.Writer.TryWrite(request) ? request.Task : Task.FromResult(Interlocked.Exchange(ref _last, null));
    }

    void IRecordSink.Take(ReadOnlySpan<byte> value, bool isNull, RecordSignal signal) => _pipeline.Take(value, isNull, signal);

    void IPartitionOwner.Assigned(KafkaSource source, IReadOnlyList<TopicPartition> partitions)
    {
        _lost.Clear();
        foreach (TopicPartition partition in partitions)
        {
            _positions[partition] = new Position(Position.Unknown, _time.GetUtcNow());
        }

        foreach (TopicPartitionOffset committed in source.Committed(partitions))
        {
            _positions[committed.TopicPartition] = _positions[committed.TopicPartition] with { Next = committed.Offset.Value };
        }

        if (_state != WorkerState.Draining)
        {
            _state = WorkerState.Consuming;
        }
    }

    void IPartitionOwner.Revoked(KafkaSource source, IReadOnlyList<TopicPartition> partitions)
    {
        Release(source, _ledger.ReleaseAll());
        foreach (TopicPartition partition in partitions)
        {
            _positions.Remove(partition);
        }
    }

    void IPartitionOwner.Lost(KafkaSource source, IReadOnlyList<TopicPartition> partitions)
    {
        foreach (TopicPartition partition in partitions)
        {
            _ledger.Lost(partition);
            if (_positions.Remove(partition, out Position position))
            {
                _lost.Add(PositionOf(source, partition, position) with { Lag = null });
            }
        }

        if (_positions.Count == 0 && _state != WorkerState.Draining)
        {
            _state = WorkerState.Joining;
        }
    }

    private void Run()
    {
        try
        {
            ReadUntilStopped();
            Log.Stopped(_logger, _pipeline.Input.Traces.Counted, _pipeline.Input.Records);
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

    private void ReadUntilStopped()
    {
        using var source = new KafkaSource(_options, this, this, _time, _logger);
        while (!_stopping)
        {
            ServeRequests(source);
            if (source.Consume(PollTimeout) is ReadRecord record)
            {
                Count(source, record);
            }

            Release(source, _ledger.ReleaseDue());
        }

        _state = WorkerState.Draining;
        Log.Draining(_logger);
        Release(source, _ledger.ReleaseAll());
        CloseRequests(Positions(source)); // leaving the group may take seconds; nothing is counted any more
        source.Close();
    }

    private void Count(KafkaSource source, in ReadRecord record)
    {
        TopicPartitionOffset at = record.At;
        TopicPartition partition = at.TopicPartition;
        CountLost(source, at);
        if (!_deltas.TryGetValue(partition, out PartitionDeltas? deltas))
        {
            // Kept when the partition goes: at most one table for each partition of the topics.
            _deltas.Add(partition, deltas = _pipeline.AddPartition());
        }

        _pipeline.Apply(deltas);
        _positions[partition] = new Position(at.Offset.Value + 1, record.Time ?? _time.GetUtcNow());
        _ledger.Counted(partition, at.Offset + 1);
        if (_pipeline.Status != Otlp.DecodeStatus.Ok && _badRecords.TryPass(out long suppressed))
        {
            Log.BadRecord(
                _logger, at.Topic, at.Partition.Value, at.Offset.Value,
                _pipeline.Salvaged ? "salvaged in part" : "rejected", SignalCounts.ReasonOf(_pipeline.Status), suppressed);
        }
    }

    // Of offsets that were passed over, those that Kafka no longer had: others are transactions' marks, or compacted away.
    private void CountLost(KafkaSource source, TopicPartitionOffset at)
    {
        if (_positions.TryGetValue(at.TopicPartition, out Position expected) && expected.Next != Position.Unknown && at.Offset.Value > expected.Next
            && source.Watermarks(at.TopicPartition) is (long low, _))
        {
            long lost = Math.Min(low, at.Offset.Value) - expected.Next;
            if (lost > 0)
            {
                _pipeline.Input.OffsetsLost += lost;
                Log.OffsetsLost(_logger, at.Topic, at.Partition.Value, expected.Next, lost);
            }
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
        if (_requests.Reader.TryPeek(out HandoverRequest? request))
        {
            WorkerHandover handover = _pipeline.HandOver(Positions(source), request.StartAfresh);
            _requests.Reader.TryRead(out _); // there is one reader: this thread
            request.SetResult(handover);
        }
    }

    // At most once: the last increments must find somebody, or wait for somebody to ask.
    private void CloseRequests(PartitionPosition[] positions)
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        _last = _pipeline.HandOver(positions);
        _requests.Writer.TryComplete();
        while (_requests.Reader.TryRead(out HandoverRequest? request))
        {
            request.SetResult(Interlocked.Exchange(ref _last, null));
        }
    }

    private PartitionPosition[] Positions(KafkaSource source)
    {
        double now = UnixSeconds(_time.GetUtcNow());
        var positions = new List<PartitionPosition>(_positions.Count + _lost.Count);
        foreach ((TopicPartition partition, Position position) in _positions)
        {
            positions.Add(PositionOf(source, partition, position));
        }

        foreach (PartitionPosition lost in _lost)
        {
            positions.Add(lost with { AsOf = now });
        }

        return [.. positions];
    }

    private PartitionPosition PositionOf(KafkaSource source, TopicPartition partition, Position position)
    {
        long? lag = source.Watermarks(partition) is not (long low, long high) ? null
            : low == high ? 0
            : position.Next == Position.Unknown ? null
            : Math.Max(0, high - Math.Max(low, position.Next));
        DateTimeOffset heard = lag == 0 ? source.Heard(partition) ?? position.CompleteUntil : position.CompleteUntil;
        return new PartitionPosition(
            partition.Topic, partition.Partition.Value, lag, UnixSeconds(_time.GetUtcNow()), UnixSeconds(heard > position.CompleteUntil ? heard : position.CompleteUntil));
    }

    private static double UnixSeconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1e3;

    /// <param name="Next">The offset after the last that is counted, or that the group has committed.</param>
    /// <param name="CompleteUntil">Kafka's time of the last record that is counted; before the first, when the partition was assigned.</param>
    private readonly record struct Position(long Next, DateTimeOffset CompleteUntil)
    {
        public const long Unknown = -1;
    }
}
