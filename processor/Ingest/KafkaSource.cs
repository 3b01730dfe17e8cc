using Confluent.Kafka;
using SpanMetrics.Diagnostics;

namespace SpanMetrics.Ingest;

/// <summary>
/// The Kafka consumer: hands records to a sink and partitions to an owner. All calls from one thread; callbacks come on it too,
/// but for librdkafka's log and errors.
/// </summary>
internal sealed class KafkaSource : IDisposable
{
    private readonly IConsumer<Ignore, Null?> _consumer;
    private readonly ILogger _logger;
    private readonly LogGate _errors;
    private readonly Lock _errorGate = new(); // librdkafka reports errors from its own threads

    public KafkaSource(KafkaOptions options, IRecordSink sink, IPartitionOwner owner, TimeProvider time, ILogger logger)
    {
        _logger = logger;
        _errors = new LogGate(time, 1, TimeSpan.FromSeconds(10));
        string[] topics = [.. options.Topics.Traces, .. options.Topics.Logs];
        _consumer = new ConsumerBuilder<Ignore, Null?>(Configure(options))
            .SetValueDeserializer(new RecordDeserializer(sink, options.Topics.Logs))
            .SetErrorHandler((_, error) => Report(error))
            .SetLogHandler((_, _) => { }) // says in its own words what the error handler gets
            .SetOffsetsCommittedHandler((_, committed) => ReportCommit(committed))
            .SetPartitionsAssignedHandler((_, partitions) =>
            {
                Log.Assigned(logger, Describe(partitions));
                owner.Assigned(partitions);
            })
            .SetPartitionsRevokedHandler((_, offsets) =>
            {
                List<TopicPartition> partitions = offsets.ConvertAll(offset => offset.TopicPartition);
                Log.Revoked(logger, Describe(partitions));
                owner.Revoked(this, partitions);
            })
            .SetPartitionsLostHandler((_, offsets) =>
            {
                List<TopicPartition> partitions = offsets.ConvertAll(offset => offset.TopicPartition);
                Log.Lost(logger, Describe(partitions));
                owner.Lost(partitions);
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
    public TopicPartitionOffset? Consume(TimeSpan timeout)
    {
        try
        {
            return _consumer.Consume(timeout)?.TopicPartitionOffset;
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

    /// <summary>The partition's end as of the last fetch; null before the first, and where the partition is gone.</summary>
    public long? HighWatermark(TopicPartition partition)
    {
        try
        {
            long high = _consumer.GetWatermarkOffsets(partition).High.Value;
            return high >= 0 ? high : null;
        }
        catch (KafkaException)
        {
            return null;
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
            ConsumeResultFields = "topic", // no timestamps, no headers: nothing reads them
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
