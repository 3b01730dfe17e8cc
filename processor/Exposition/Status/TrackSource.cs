using SpanMetrics.Aggregation;
using SpanMetrics.Semantics;

namespace SpanMetrics.Exposition;

/// <summary>A view that tracks take numbers from, as of one look at it. Not thread-safe: owned by <see cref="StatusHistory"/>.</summary>
/// <param name="view">Of the page.</param>
/// <param name="first">The column that its counts go to.</param>
/// <param name="closed">The dimension whose value is the column beyond that.</param>
/// <param name="weight">What one of it counts for the rank of a name.</param>
/// <param name="bucketsAt">The column of its first bucket; -1 without.</param>
internal sealed class TrackSource(SeriesTable view, int first, Dimension? closed, double weight, int bucketsAt = -1)
{
    // So that what was denied is not pushed out by what is only used.
    private const double WeightOfADeny = 100;

    private readonly int _serviceAt = Array.IndexOf(view.View.Dimensions, Dimension.ServiceName);
    private readonly int _closedAt = closed is null ? -1 : Array.IndexOf(view.View.Dimensions, closed.Value);

    // By series, as of the last look; longer than there are series.
    private int[] _services = [];
    private double[] _counts = [];

    public SeriesTable View => view;

    /// <summary>For a group to remember by series what it found; until another group looks.</summary>
    public int[] Found { get; private set; } = [];

    public void Look(ServiceNames services)
    {
        if (_counts.Length < view.SeriesCount)
        {
            int length = view.SeriesCount / 2 * 3 + 16;
            (_services, _counts, Found) = (new int[length], new double[length], new int[length]);
        }

        for (int series = 0; series < view.SeriesCount; series++)
        {
            _services[series] = services.NumberOf(view, series, _serviceAt);
            _counts[series] = view[series].Count;
        }
    }

    public int ServiceOf(int series) => _services[series];

    public double RankOf(int series) => weight * _counts[series] * (ColumnOf(series) == StatusColumns.Deny ? WeightOfADeny : 1);

    public void AddTo(Track track, int series)
    {
        track.Now[ColumnOf(series)] += _counts[series];
        if (bucketsAt >= 0)
        {
            SeriesTable.AddRow(track.Now.AsSpan(bucketsAt), view[series].Buckets);
        }
    }

    public void ShowDenied(Track track, int series)
    {
        if (ColumnOf(series) == StatusColumns.Deny)
        {
            track.Show(view.ExemplarsOf(series, Page.Everything));
        }
    }

    private int ColumnOf(int series) => first + (_closedAt < 0 ? 0 : view.ValueOf(series, _closedAt));
}
