namespace SpanMetrics.Exposition;

/// <summary>The time that numbers are told of: up to now.</summary>
/// <param name="Name">In URLs.</param>
/// <param name="Slots">Whole ones, beside the one that is not over; 0 is since the start.</param>
internal sealed record StatusWindow(string Name, int Slots)
{
    // Points of a small picture.
    private const int MostPoints = 60;

    public static readonly StatusWindow[] All = [new("5m", 300 / Track.SlotSeconds), new("15m", 900 / Track.SlotSeconds), new("1h", 3600 / Track.SlotSeconds), new("start", 0)];

    public static readonly StatusWindow Hour = All[2];

    public bool IsSinceStart => Slots == 0;

    public static StatusWindow? Find(string name) => Array.Find(All, window => window.Name == name);

    /// <summary>Of what the last hour still knows, where it is since the start.</summary>
    public long FirstSlot(long slot) => Math.Max(0, slot - (IsSinceStart ? Hour.Slots : Slots));

    /// <summary>Slots that one point of a small picture stands for.</summary>
    public int SlotsOfAPoint(long slot) => (int)Math.Max(1, (slot - FirstSlot(slot) + MostPoints - 1) / MostPoints);

    /// <summary>Points begin at the same times whenever one looks, or the picture would flicker.</summary>
    public long FirstPoint(long slot) => (FirstSlot(slot) + SlotsOfAPoint(slot) - 1) / SlotsOfAPoint(slot) * SlotsOfAPoint(slot);
}
