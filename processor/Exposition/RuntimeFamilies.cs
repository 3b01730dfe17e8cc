using System.Diagnostics.Metrics;

namespace SpanMetrics.Exposition;

/// <summary>
/// The .NET runtime's own instruments (its meter <c>System.Runtime</c>) as families <c>dotnet_*</c>, named as OpenTelemetry's metrics are
/// for Prometheus. What is counted as it happens counts from when this was made.
/// </summary>
internal sealed class RuntimeFamilies : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<(string Family, string Labels), (Instrument Instrument, (string, string)[] Labels, double Value)> _values = [];
    private readonly Lock _gate = new(); // exceptions are told on the threads that throw them

    public RuntimeFamilies()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "System.Runtime")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    public List<PlainFamily> Read()
    {
        _listener.RecordObservableInstruments();
        var families = new List<PlainFamily>();
        lock (_gate)
        {
            foreach (((string name, _), (Instrument instrument, (string, string)[] labels, double value)) in _values)
            {
                if (families.Count == 0 || families[^1].Name != name)
                {
                    families.Add(new PlainFamily(name, instrument.Description ?? "", IsCounter(instrument)));
                }

                families[^1].With(value, labels);
            }
        }

        return families;
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        (string Name, string Value)[] labels = Array.ConvertAll(tags.ToArray(), tag => (Underscored(tag.Key), $"{tag.Value}"));
        (string, string) key = (NameOf(instrument), string.Join('\n', labels));
        lock (_gate)
        {
            double before = !instrument.IsObservable && _values.TryGetValue(key, out var known) ? known.Value : 0;
            _values[key] = (instrument, labels, before + value);
        }
    }

    // The runtime declares two as counters that go down too.
    private static bool IsCounter(Instrument instrument) =>
        instrument is Counter<long> or ObservableCounter<long> or ObservableCounter<double> or ObservableCounter<int>
        && instrument.Name is not ("dotnet.thread_pool.queue.length" or "dotnet.thread_pool.thread.count");

    private static string NameOf(Instrument instrument) =>
        Underscored(instrument.Name)
        + (instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" })
        + (IsCounter(instrument) ? "_total" : "");

    private static string Underscored(string name) => name.Replace('.', '_');
}
