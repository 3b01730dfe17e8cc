namespace SpanMetrics.Tests.Support;

/// <summary>One broker for all end-to-end tests, started by the first one that wants it; each test has its own topic.</summary>
public sealed class RealKafka : IAsyncLifetime
{
    private KafkaBroker? _broker;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }

    internal async Task<KafkaBroker> BrokerAsync() => _broker ??= await KafkaBroker.StartAsync();
}
