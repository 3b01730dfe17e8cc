namespace SpanMetrics.Dashboards;

internal sealed class PanelSource
{
    public string Title { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>timeseries, stat, table or heatmap.</summary>
    public string Type { get; init; } = "timeseries";

    /// <summary>Of 24.</summary>
    public int Width { get; init; } = 8;

    public int? Height { get; init; }

    public string Unit { get; init; } = "";

    /// <summary>The query by its legend; in a table, by its column.</summary>
    public Dictionary<string, string> Queries { get; init; } = [];

    /// <summary>Traces as points. Only raw metrics have them.</summary>
    public bool Exemplars { get; init; }

    public bool Stacked { get; init; }

    /// <summary>Colour to the value from which on it is shown.</summary>
    public Dictionary<string, double> Thresholds { get; init; } = [];

    /// <summary>Names from dashboards/common.yml.</summary>
    public List<string> Links { get; init; } = [];

    /// <summary>Of a table: columns whose unit differs.</summary>
    public Dictionary<string, string> Units { get; init; } = [];

    /// <summary>Of a table: the column by which it is sorted, the largest first.</summary>
    public string? Sort { get; init; }

    /// <summary>Of a table with one query: the labels that become rows and columns.</summary>
    public List<string> Matrix { get; init; } = [];
}
