using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using SpanMetrics.Ingest;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Component;

[Collection(ComponentGroup.Name)]
public sealed class KafkaSourceTests
{
    [Fact]
    public async Task A_sink_that_fails_stops_the_source_instead_of_losing_the_record()
    {
        using var broker = new MockKafka();
        await broker.Writer.WriteAllAsync("failing", [[1], [2]]);
        var options = new KafkaOptions { BootstrapServers = broker.Brokers, GroupId = "failing", Topics = new TopicOptions { Traces = ["failing"] } };
        using var source = new KafkaSource(options, new FailingSink(), new NoOwner(), TimeProvider.System, NullLogger.Instance);

        var failure = Assert.Throws<InvalidOperationException>(() =>
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (!deadline.IsCancellationRequested)
            {
                Assert.Null(source.Consume(TimeSpan.FromMilliseconds(50)));
            }
        });

        Assert.Contains("failing", failure.Message, StringComparison.Ordinal);
        Assert.Contains(FailingSink.Why, failure.ToString(), StringComparison.Ordinal);
    }

    private sealed class FailingSink : IRecordSink
    {
        public const string Why = "the sink has a bug";

        public void Take(ReadOnlySpan<byte> value, bool isNull, RecordSignal signal) => throw new NotSupportedException(Why);
    }

    private sealed class NoOwner : IPartitionOwner
    {
        public void Assigned(KafkaSource source, IReadOnlyList<TopicPartition> partitions) { }

        public void Revoked(KafkaSource source, IReadOnlyList<TopicPartition> partitions) { }

        public void Lost(KafkaSource source, IReadOnlyList<TopicPartition> partitions) { }
    }
}
