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
        _consumer = new ConsumerBuilder<Ignore, Null?>(Configure(options))
            .SetValueDeserializer(new RecordDeserializer(sink))
            .SetErrorHandler((_, error) => Report(error))
            .SetLogHandler((_, _) => { }) // says in its own words what the error handler gets
            .SetPartitionsAssignedHandler((_, partitions) =>
            {
                Log.Assigned(logger, Describe(partitions));
                owner.Assigned(partitions);
            })
            .SetPartitionsRevokedHandler((_, offsets) =>
            {
                List<TopicPartition> partitions = offsets.ConvertAll(offset => offset.TopicPartition);
                Log.Revoked(logger, Describe(partitions));
                owner.Revoked(partitions);
            })
            .SetPartitionsLostHandler((_, offsets) =>
            {
                List<TopicPartition> partitions = offsets.ConvertAll(offset => offset.TopicPartition);
                Log.Lost(logger, Describe(partitions));
                owner.Lost(partitions);
            })
            .Build();
        Log.Subscribing(logger, string.Join(", ", options.Topics.Traces), options.BootstrapServers, options.GroupId);
        _consumer.Subscribe(options.Topics.Traces);
    }

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
        catch (ConsumeException exception) when (!exception.Error.IsFatal)
        {
            Report(exception.Error);
            return null;
        }
        catch (KafkaException exception)
        {
            throw new KafkaFatalException(exception.Error.Reason);
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

    /// <summary>The partition's end as of the last fetch; null before the first.</summary>
    public long? HighWatermark(TopicPartition partition)
    {
        long high = _consumer.GetWatermarkOffsets(partition).High.Value;
        return high >= 0 ? high : null;
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

    private void Report(Error error)
    {
        lock (_errorGate)
        {
            if (_errors.TryPass(out long suppressed))
            {
                Log.KafkaTrouble(_logger, $"{error.Code}: {error.Reason}", suppressed);
            }
        }
    }

    private static string Describe(List<TopicPartition> partitions) =>
        partitions.Count == 0 ? "no partition" : string.Join(", ", partitions.ConvertAll(partition => $"{partition.Topic}[{partition.Partition.Value}]"));
}
