using Confluent.Kafka;

namespace SpanMetrics.Tests.Support;

/// <summary>
/// The cluster that librdkafka can play inside a client: real sockets, groups and commits, topics made on first use.
/// It keeps 5 MiB of a partition and knows no transactions, so it says nothing about delivery.
/// </summary>
internal sealed class MockKafka : IDisposable
{
    public MockKafka()
    {
        var settings = new ProducerConfig { LingerMs = 0 };
        settings.Set("test.mock.num.brokers", "1");
        Writer = new RecordWriter(settings);
        Brokers = Writer.Brokers();
    }

    public RecordWriter Writer { get; }

    public string Brokers { get; }

    public void Dispose() => Writer.Dispose();
}
