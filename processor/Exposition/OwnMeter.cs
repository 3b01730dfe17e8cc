using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SpanMetrics.Exposition;

/// <summary>
/// The worker's own families as instruments of the meter <see cref="Name"/>, for whoever listens: OpenTelemetry, dotnet-counters. Their
/// values are read from the page, at most once a second.
/// </summary>
internal sealed class OwnMeter : IDisposable
{
    public const string Name = "SpanMetrics";

    /// <summary>What the worker does that is worth a span: answers to scrapes. Records are not: their spans would be read again.</summary>
    public static readonly ActivitySource Activities = new(Name);

    private const string Prefix = "spanmetrics_"; // the runtime's families have a meter already

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Meter _meter = new(Name);
    private readonly Func<IReadOnlyList<PlainFamily>> _read;
    private readonly Lock _gate = new(); // listeners ask on threads of their own
    private IReadOnlyList<PlainFamily> _families = [];
    private long _readAt;

    /// <param name="read">Blocks until the workers have answered.</param>
    public OwnMeter(Func<IReadOnlyList<PlainFamily>> read)
    {
        _read = read;
        foreach (PlainFamily family in Families())
        {
            if (!family.Name.StartsWith(Prefix, StringComparison.Ordinal))
            {
                continue;
            }

            if (family.IsCounter)
            {
                _meter.CreateObservableCounter(family.Name[..^"_total".Length], () => Values(family.Name), description: family.Help);
            }
            else
            {
                _meter.CreateObservableGauge(family.Name, () => Values(family.Name), description: family.Help);
            }
        }
    }

    public void Dispose() => _meter.Dispose();

    private IReadOnlyList<PlainFamily> Families()
    {
        lock (_gate)
        {
            if (_readAt == 0 || TimeProvider.System.GetElapsedTime(_readAt) > Fresh)
            {
                _families = _read();
                _readAt = TimeProvider.System.GetTimestamp();
            }

            return _families;
        }
    }

    private IEnumerable<Measurement<double>> Values(string name)
    {
        foreach (PlainFamily family in Families())
        {
            if (family.Name == name)
            {
                foreach (((string Name, string Value)[] labels, double value) in family.Samples)
                {
                    yield return new Measurement<double>(value, Array.ConvertAll(labels, label => KeyValuePair.Create<string, object?>(label.Name, label.Value)));
                }
            }
        }
    }
}
