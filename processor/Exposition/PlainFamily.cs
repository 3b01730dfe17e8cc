namespace SpanMetrics.Exposition;

/// <summary>A family of counters or gauges that is made anew for each page: the worker's own.</summary>
internal sealed class PlainFamily(string name, string help, bool isCounter)
{
    private readonly List<((string Name, string Value)[] Labels, double Value)> _samples = [];

    public string Name => name;

    public string Help => help;

    public bool IsCounter => isCounter;

    public IReadOnlyList<((string Name, string Value)[] Labels, double Value)> Samples => _samples;

    /// <param name="value">Seconds, bytes or a number, as the family's name says.</param>
    /// <param name="labels">Values of any characters. Kept.</param>
    public PlainFamily With(double value, params (string Name, string Value)[] labels)
    {
        _samples.Add((labels, value));
        return this;
    }
}
