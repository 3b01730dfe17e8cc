using Confluent.Kafka;

namespace SpanMetrics.Commands;

/// <summary>
/// librdkafka's mock cluster in this process: real sockets and the real protocol, but no durability and at most 5 MiB kept
/// for each partition. Good for a demo, no evidence for anything else.
/// </summary>
internal sealed class MockBroker : IDisposable
{
    private readonly IProducer<Null, Null> _host;

    public MockBroker()
    {
        var config = new ProducerConfig { BootstrapServers = "127.0.0.1:1" }; // replaced by the mock's own
        config.Set("test.mock.num.brokers", "1");
        _host = new ProducerBuilder<Null, Null>(config).SetLogHandler((_, _) => { }).Build();
        using IAdminClient admin = new DependentAdminClientBuilder(_host.Handle).Build();
        BrokerMetadata broker = admin.GetMetadata(TimeSpan.FromSeconds(10)).Brokers[0];
        Address = $"{broker.Host}:{broker.Port}";
    }

    public string Address { get; }

    public void Dispose() => _host.Dispose();
}
