using SpanMetrics.Aggregation;

namespace SpanMetrics.Exposition;

/// <summary>Everything that one scrape shows, as of one moment. Its views are borrowed: valid until the next fold.</summary>
internal sealed record Page
{
    /// <summary>For <see cref="ShownUpTo"/>: every value is printed as it is.</summary>
    public const int Everything = int.MaxValue;

    public required IReadOnlyList<SeriesTable> Views { get; init; }

    public required IReadOnlyList<PlainFamily> Own { get; init; }

    public IReadOnlyList<PlainHistogram> OwnHistograms { get; init; } = [];

    public Moment Moment { get; init; }

    /// <summary>The snapshot up to which the reader knows all series: newer ones are printed as 0.</summary>
    public int ShownUpTo { get; init; } = Everything;

    /// <summary>Whether OpenMetrics tells when series were created, in samples of their own. Protobuf has a field for it.</summary>
    public bool CreatedTimestamps { get; init; }
}
