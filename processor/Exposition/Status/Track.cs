using SpanMetrics.Aggregation;

namespace SpanMetrics.Exposition;

/// <summary>
/// Numbers of the page that only grow, and by how much each of them grew in each slot of the last hour. Not thread-safe: owned by <see cref="StatusHistory"/>.
/// </summary>
internal sealed class Track(int service, string name, int width)
{
    public const int SlotSeconds = 10;

    /// <summary>An hour, and the slot that is not over.</summary>
    public const int Slots = (3600 / SlotSeconds) + 1;

    // Increments of one slot: whole numbers are exact up to 2^24.
    private readonly float[] _grown = new float[Slots * width];
    private readonly double[] _before = new double[width];
    private long _slot;

    /// <summary>As <see cref="ServiceNames"/> numbers it.</summary>
    public int Service => service;

    public string Name => name;

    /// <summary>As the page has it.</summary>
    public double[] Now { get; } = new double[width];

    /// <summary>When the last deny was counted, unix time in seconds; 0 without one.</summary>
    public double DeniedAt { get; private set; }

    /// <summary>Of a span that was denied, the last one that the page shows; its <see cref="Exemplar.Link"/> leads nowhere before there is one.</summary>
    public Exemplar Denied { get; private set; }

    /// <summary>What is there already grew in times of somebody else's.</summary>
    public void StartHere() => Now.CopyTo(_before, 0);

    /// <summary>What is in <see cref="Now"/> beyond what was there the last time grew in this slot. Series that left the page take nothing back.</summary>
    public void Note(long slot, double unixSeconds)
    {
        for (long passed = Math.Max(_slot + 1, slot - Slots + 1); passed <= slot; passed++)
        {
            RowOf(passed).Clear();
        }

        _slot = slot;
        Span<float> row = RowOf(slot);
        for (int column = 0; column < width; column++)
        {
            row[column] += (float)Math.Max(0, Now[column] - _before[column]);
        }

        if (Now[StatusColumns.Deny] > _before[StatusColumns.Deny])
        {
            DeniedAt = unixSeconds;
        }

        Now.CopyTo(_before, 0);
    }

    public void Show(ReadOnlySpan<Exemplar> denied)
    {
        foreach (ref readonly Exemplar exemplar in denied)
        {
            Denied = exemplar.EndUnixMillis > Denied.EndUnixMillis ? exemplar : Denied;
        }
    }

    /// <param name="column">Which number.</param>
    /// <param name="first">The first slot; no more than an hour ago.</param>
    /// <param name="last">The last one.</param>
    public double Grown(int column, long first, long last)
    {
        double sum = 0;
        for (long slot = first; slot <= last; slot++)
        {
            sum += RowOf(slot)[column];
        }

        return sum;
    }

    private Span<float> RowOf(long slot) => _grown.AsSpan((int)(slot % Slots) * width, width);
}
