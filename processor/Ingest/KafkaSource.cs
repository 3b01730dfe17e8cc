using Confluent.Kafka;
using SpanMetrics.Diagnostics;

namespace SpanMetrics.Ingest;

/// <summary>
/// The Kafka consumer: hands records to a sink and partitions to an owner. All calls from one thread; callbacks come on it too,
/// but for librdkafka's log and errors.
/// </summary>
internal sealed class KafkaSource : IDisposable
{
    private static readonly TimeSpan CommittedTimeout = TimeSpan.FromSeconds(5);

    private readonly IConsumer<Ignore, Null?> _consumer;
    private readonly ILogger _logger;
    private readonly LogGate _errors;
    private readonly TimeProvider _time;
    private readonly KafkaStatistics _statistics = new();
    private readonly Lock _errorGate = new(); // librdkafka reports errors from its own threads

    public KafkaSource(KafkaOptions options, IRecordSink sink, IPartitionOwner owner, TimeProvider time, ILogger logger)
    {
        _logger = logger;
        _time = time;
        _errors = new LogGate(time, 1, TimeSpan.FromSeconds(10));
        string[] topics = [.. options.Topics.Traces, .. options.Topics.Logs];
        _consumer = new ConsumerBuilder<Ignore, Null?>(Configure(options))
            .SetValueDeserializer(new RecordDeserializer(sink, options.Topics.Logs))
            .SetErrorHandler((_, error) => Report(error))
            .SetStatisticsHandler((_, json) => _statistics.Take(json, time.GetUtcNow()))
            .SetLogHandler((_, _) => { }) // says in its own words what the error handler gets
            .SetOffsetsCommittedHandler((_, committed) => ReportCommit(committed))
            .SetPartitionsAssignedHandler((_, partitions) =>
            {
                Log.Assigned(logger, Describe(partitions));
                owner.Assigned(this, partitions);
            })
            .SetPartitionsRevokedHandler((_, offsets) =>
            {
                List<TopicPartition> partitions = offsets.ConvertAll(offset => offset.TopicPartition);
                Log.Revoked(logger, Describe(partitions));
                owner.Revoked(this, partitions);
                partitions.ForEach(_statistics.Forget);
            })
            .SetPartitionsLostHandler((_, offsets) =>
            {
                List<TopicPartition> partitions = offsets.ConvertAll(offset => offset.TopicPartition);
                Log.Lost(logger, Describe(partitions));
                owner.Lost(this, partitions);
                partitions.ForEach(_statistics.Forget);
            })
            .Build();
        Log.Subscribing(logger, string.Join(", ", topics), options.BootstrapServers, options.GroupId);
        _consumer.Subscribe(topics);
    }

    /// <summary>Why a setting is not for the configuration's <c>client</c> section; null when it is.</summary>
    public static string? WhyReserved(string setting) => setting switch
    {
        "bootstrap.servers" or "metadata.broker.list" => "set by the worker itself; use kafka.bootstrap_servers",
        "group.id" => "set by the worker itself; use kafka.group_id",
        "enable.auto.commit" or "enable.auto.offset.store" => "what is committed is not a matter of the client",
        "enable.partition.eof" => "the worker has no use for it",
        "statistics.interval.ms" => "the worker's own lag comes from them",
        _ when setting.StartsWith("dotnet.", StringComparison.Ordinal) => "not librdkafka's, and the worker relies on its own value",
        _ => null,
    };

    /// <summary>What librdkafka says against these settings; null when it takes them. Asks no broker.</summary>
    public static string? ProblemWith(KafkaOptions options)
    {
        try
        {
            new ConsumerBuilder<Ignore, Ignore>(Configure(options)).SetLogHandler((_, _) => { }).Build().Dispose();
            return null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or KafkaException)
        {
            return exception.Message;
        }
    }

    /// <summary>
    /// The next record, which has gone to the sink when this returns; null when none came in time.
    /// </summary>
    /// <exception cref="KafkaFatalException">The consumer is of no further use.</exception>
    public ReadRecord? Consume(TimeSpan timeout)
    {
        try
        {
            if (_consumer.Consume(timeout) is not ConsumeResult<Ignore, Null?> record)
            {
                return null;
            }

            Timestamp time = record.Message.Timestamp;
            return new ReadRecord(
                record.TopicPartitionOffset,
                time.Type == TimestampType.NotAvailable || time.UnixTimestampMs <= 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(time.UnixTimestampMs));
        }
        catch (ConsumeException exception) when (exception.Error.Code == ErrorCode.Local_ValueDeserialization)
        {
            // The sink broke its promise not to throw. Going on would commit past a record that was never counted.
            throw new InvalidOperationException($"record {exception.ConsumerRecord.TopicPartitionOffset} could not be taken", exception);
        }
        catch (ConsumeException exception) when (!exception.Error.IsFatal)
        {
            Report(exception.Error);
            return null;
        }
        catch (KafkaException exception)
        {
            throw new KafkaFatalException(exception.Error.Reason, exception);
        }
    }

    /// <summary>Lets librdkafka commit this offset: at its next interval, when the partition is revoked, or on <see cref="Close"/>.</summary>
    public void Store(TopicPartitionOffset offset)
    {
        try
        {
            _consumer.StoreOffset(offset);
        }
        catch (KafkaException exception)
        {
            Log.StoreFailed(_logger, offset.TopicPartition.ToString(), exception.Error.Reason);
        }
    }

    /// <summary>The partition's first offset and its end as of the last fetch; null before the first, and where the partition is gone.</summary>
    public (long Low, long High)? Watermarks(TopicPartition partition)
    {
        try
        {
            WatermarkOffsets offsets = _consumer.GetWatermarkOffsets(partition);
            return offsets.High.Value >= 0 ? (Math.Max(0, offsets.Low.Value), offsets.High.Value) : null;
        }
        catch (KafkaException)
        {
            return null;
        }
    }

    /// <summary>When the partition's broker answered last; null where that is unknown.</summary>
    public DateTimeOffset? Heard(TopicPartition partition) => _statistics.Heard(partition);

    /// <summary>The offsets at which reading begins, of those partitions that the group has committed one for. Asks the broker; none when it does not answer.</summary>
    public IReadOnlyList<TopicPartitionOffset> Committed(IReadOnlyList<TopicPartition> partitions)
    {
        try
        {
            return _consumer.Committed(partitions, CommittedTimeout).FindAll(committed => committed.Offset.Value >= 0);
        }
        catch (KafkaException exception)
        {
            Report(exception.Error, "committed offsets are not known: ");
            return [];
        }
    }

    /// <summary>Commits what is stored and leaves the group.</summary>
    public void Close()
    {
        try
        {
            _consumer.Close();
        }
        catch (KafkaException exception)
        {
            Report(exception.Error);
        }
    }

    public void Dispose() => _consumer.Dispose();

    private static ConsumerConfig Configure(KafkaOptions options)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = options.BootstrapServers,
            GroupId = options.GroupId,
            ClientId = "spanmetrics",
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoOffsetStore = false,
            EnableAutoCommit = true, // of stored offsets only, and those are the commit ledger's
            AutoCommitIntervalMs = 1000,
            EnablePartitionEof = false,
            StatisticsIntervalMs = 1000,
            ConsumeResultFields = "topic,timestamp", // no headers: nothing reads them
            // The default of a second stalls the stream whenever the queue of fetched records fills up.
            QueuedMaxMessagesKbytes = 32 * 1024,
        };
        config.Set("fetch.queue.backoff.ms", "10");
        foreach ((string key, string value) in options.Client)
        {
            config.Set(key, value);
        }

        return config;
    }

    private void Report(Error error, string what = "")
    {
        lock (_errorGate)
        {
            if (_errors.TryPass(out long suppressed))
            {
                Log.KafkaTrouble(_logger, $"{what}{error.Code}: {error.Reason}", suppressed);
            }
        }
    }

    // librdkafka commits by itself, so this is the only place where a refusal is heard.
    private void ReportCommit(CommittedOffsets committed)
    {
        Error error = committed.Error;
        foreach (TopicPartitionOffsetError offset in committed.Offsets)
        {
            error = error.IsError ? error : offset.Error;
        }

        if (error.IsError && error.Code != ErrorCode.Local_NoOffset)
        {
            Report(error, "offsets were not committed: ");
        }
    }

    private static string Describe(List<TopicPartition> partitions) =>
        partitions.Count == 0 ? "no partition" : string.Join(", ", partitions.ConvertAll(partition => $"{partition.Topic}[{partition.Partition.Value}]"));
}
