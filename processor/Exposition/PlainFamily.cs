namespace SpanMetrics.Exposition;

/// <summary>A family of counters or gauges that is made anew for each page: the worker's own.</summary>
internal sealed class PlainFamily(string name, string help, bool isCounter)
{
    private readonly List<(string Labels, double Value)> _samples = [];

    public string Name => name;

    public string Help => help;

    public bool IsCounter => isCounter;

    public IReadOnlyList<(string Labels, double Value)> Samples => _samples;

    /// <param name="labels">As it is printed, <c>name="value",…</c> without braces; the caller has escaped it.</param>
    /// <param name="value">Seconds, bytes or a number, as the family's name says.</param>
    public PlainFamily With(string labels, double value)
    {
        _samples.Add((labels, value));
        return this;
    }
}
