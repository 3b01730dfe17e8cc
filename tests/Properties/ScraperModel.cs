using SpanMetrics.Exposition;
using SpanMetrics.Tests.Support;
using SpanMetrics.Tests.Unit;

namespace SpanMetrics.Tests.Properties;

/// <summary>A Prometheus as far as counters go: what it ingested, and what increase() says of all of it, without extrapolation.</summary>
internal sealed class ScraperModel(string key, bool isNamed, int interval) : IDisposable
{
    private static int _connections;

    private readonly Dictionary<string, double> _last = [];
    private CancellationTokenSource _closed = new();
    private string _connection = NewConnection();

    public string Key => key;

    /// <summary>Seconds.</summary>
    public int Interval => interval;

    public int NextAt { get; set; }

    public bool IsConnected { get; private set; } = true;

    /// <summary>Since the last page that arrived, a page was written in full and did not.</summary>
    public bool HasLost { get; private set; }

    public Dictionary<string, double> Increase { get; } = [];

    public ScrapeAnswer Ask(KnownScrapers scrapers)
    {
        IsConnected = true;
        return scrapers.Ask(key, isNamed, _connection, "10", _closed.Token);
    }

    public void Ingest(MetricsPage page)
    {
        HasLost = false;
        foreach (Sample sample in page.Samples)
        {
            string series = Printed.Identity(sample);
            if (_last.TryGetValue(series, out double last))
            {
                Increase[series] = Increase.GetValueOrDefault(series) + (sample.Value >= last ? sample.Value - last : sample.Value);
            }

            _last[series] = sample.Value;
        }
    }

    public void Disconnect(bool lostWritten)
    {
        HasLost |= lostWritten;
        IsConnected = false;
        _closed.Cancel();
        _closed.Dispose();
        _closed = new CancellationTokenSource();
        _connection = NewConnection();
    }

    public void Dispose() => _closed.Dispose();

    private static string NewConnection() => $"{Interlocked.Increment(ref _connections)}";
}
