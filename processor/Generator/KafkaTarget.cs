using Confluent.Kafka;

namespace SpanMetrics.Generator;

/// <summary>Records without a key onto one topic, each exactly once as far as an idempotent producer can say.</summary>
internal sealed class KafkaTarget : IBatchTarget
{
    /// <summary>For the first answer of a broker, and for the last acknowledgement.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>For a topic that brokers make on demand.</summary>
    private static readonly TimeSpan TopicPatience = TimeSpan.FromSeconds(5);

    /// <summary>How long one question blocks: a stop takes effect after it.</summary>
    private static readonly TimeSpan Question = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly IProducer<Null, byte[]> _producer;
    private readonly string _topic;
    private readonly Action<DeliveryReport<Null, byte[]>> _delivered;
    private string? _lastError;
    private long _failed;

    private KafkaTarget(string brokers, string topic)
    {
        _topic = topic;
        _delivered = Delivered;
        var config = new ProducerConfig
        {
            BootstrapServers = brokers,
            ClientId = "spanmetrics-generate",
            LingerMs = 5,
            Acks = Acks.All,
            EnableIdempotence = true,
            MessageTimeoutMs = (int)Patience.TotalMilliseconds,
        };
        _producer = new ProducerBuilder<Null, byte[]>(config)
            .SetErrorHandler((_, error) => Volatile.Write(ref _lastError, error.Reason))
            .SetLogHandler((_, _) => { })   // what matters comes as an error or a failed delivery
            .Build();
    }

    /// <summary>Throws <see cref="IOException"/> if no broker answers in time or the topic cannot be written to.</summary>
    public static async Task<KafkaTarget> ConnectAsync(string brokers, string topic, CancellationToken stop)
    {
        var target = new KafkaTarget(brokers, topic);
        try
        {
            await Task.Run(() => target.AskForTopic(TimeProvider.System, stop), stop);
            return target;
        }
        catch
        {
            await target.DisposeAsync();
            throw;
        }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> record, CancellationToken stop)
    {
        var message = new Message<Null, byte[]> { Value = record.ToArray() };
        while (true)
        {
            try
            {
                _producer.Produce(_topic, message, _delivered);
                return;
            }
            catch (ProduceException<Null, byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
            {
                await Task.Delay(Pause, stop);
            }
            catch (ProduceException<Null, byte[]> refused)
            {
                throw new IOException($"cannot produce a record of {record.Length} bytes to {_topic}: {refused.Error.Reason}", refused);
            }
        }
    }

    public async ValueTask<long> CompleteAsync()
    {
        int left = await Task.Run(() => _producer.Flush(Patience));
        return Interlocked.Read(ref _failed) + left;
    }

    public ValueTask DisposeAsync()
    {
        _producer.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Blocks. A topic that brokers make on demand is made by this question.</summary>
    private void AskForTopic(TimeProvider clock, CancellationToken stop)
    {
        using IAdminClient admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        long start = clock.GetTimestamp();
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                Error? refusal = RefusalIn(admin.GetMetadata(_topic, Question));
                if (refusal is null)
                {
                    return;
                }
                // The first question about a topic that brokers make on demand is answered with "unknown".
                if (refusal.Code != ErrorCode.UnknownTopicOrPart || clock.GetElapsedTime(start) > TopicPatience)
                {
                    throw new IOException($"cannot write to topic {_topic}: {refusal.Reason}");
                }
            }
            catch (KafkaException unreachable) when (clock.GetElapsedTime(start) > Patience)
            {
                string? why = Volatile.Read(ref _lastError);
                throw new IOException(
                    $"no Kafka broker answered within {Patience.TotalSeconds} s: {why ?? unreachable.Error.Reason}", unreachable);
            }
            catch (KafkaException)
            {
                // Asked again until patience ends.
            }
            stop.WaitHandle.WaitOne(Pause);
        }
    }

    private static Error? RefusalIn(Metadata metadata)
    {
        foreach (TopicMetadata topic in metadata.Topics)
        {
            // A topic that is just being made has no leader yet; the producer waits for it.
            if (topic.Error.IsError && topic.Error.Code != ErrorCode.LeaderNotAvailable)
            {
                return topic.Error;
            }
        }
        return null;
    }

    private void Delivered(DeliveryReport<Null, byte[]> report)
    {
        if (report.Error.IsError)
        {
            Interlocked.Increment(ref _failed);
        }
    }
}
