using SpanMetrics.Semantics;

namespace SpanMetrics.Exposition;

/// <summary>
/// What the page for people knows: sums of the page's views, and how they grew in the last hour. Not thread-safe: whoever reads a page has its turn.
/// Its memory is bounded: up to 20 MB where many tools and models have come.
/// </summary>
internal sealed class StatusHistory(TimeProvider time)
{
    /// <summary>Pairs of a service and a tool, and of a service and a model.</summary>
    public const int MostNames = 200;

    // Who asks more often gets the same numbers; and looks at a great many series take a twentieth of a core at most.
    private static readonly TimeSpan LeastBetween = TimeSpan.FromSeconds(1);
    private const int LeastRest = 20;

    private readonly long _start = time.GetTimestamp();
    private TimeSpan _observed; // since the start
    private TimeSpan _next;
    private StatusSources? _sources;

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    public ServiceNames Services { get; } = new();

    /// <summary>Decisions by risk tier; those of all tiers are all there are.</summary>
    public TrackGroup Tiers { get; } = new(Dimension.RiskTier, StatusColumns.TierWidth, int.MaxValue);

    public TrackGroup Models { get; } = new(Dimension.Model, StatusColumns.ModelWidth, MostNames);

    /// <summary>After the first <see cref="Observe"/>, as what follows.</summary>
    public TrackGroup Tools { get; private set; } = null!;

    /// <summary>Upper bounds in seconds of the durations of tools; none where no view has them.</summary>
    public double[] ToolBounds => _sources!.ToolBounds;

    /// <summary>Whether there is a view that counts decisions by their outcome.</summary>
    public bool CountsDecisions => _sources!.Decisions.Length > 0;

    /// <summary>The slot that is not over; the first is 0.</summary>
    public long Slot { get; private set; }

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Seconds of a window that the worker has been there for.</summary>
    public double CoveredSeconds(StatusWindow window) =>
        time.GetElapsedTime(_start).TotalSeconds - (window.IsSinceStart ? 0 : window.FirstSlot(Slot) * Track.SlotSeconds);

    public void Observe(Page page)
    {
        TimeSpan now = time.GetElapsedTime(_start);
        if (now < _next)
        {
            return;
        }

        Slot = (long)(((_observed + now) / 2).TotalSeconds / Track.SlotSeconds); // what came since the last look came half-way on average
        _observed = now;
        if (_sources is null)
        {
            _sources = new StatusSources(page);
            Tools = new TrackGroup(Dimension.Tool, StatusColumns.ToolBuckets + ToolBounds.Length + 1, MostNames);
        }

        double unixSeconds = Now.ToUnixTimeMilliseconds() / 1e3;
        _sources.Look(Services);
        Tiers.Observe(_sources.Decisions, Slot, unixSeconds);
        Tools.Observe(_sources.Tools, Slot, unixSeconds);
        Models.Observe(_sources.Models, Slot, unixSeconds);
        TimeSpan rest = (time.GetElapsedTime(_start) - now) * LeastRest;
        _next = now + (rest > LeastBetween ? rest : LeastBetween);
    }
}
