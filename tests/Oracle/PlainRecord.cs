namespace SpanMetrics.Oracle;

/// <summary>What one record must give.</summary>
internal sealed class PlainRecord
{
    public PlainStatus Status { get; set; }

    /// <summary>In wire order.</summary>
    public List<PlainItem> Items { get; } = [];

    /// <summary>Items whose own bytes are broken, and those of another signal in their place.</summary>
    public int Invalid { get; set; }

    /// <summary>Of the messages that are read, but for values.</summary>
    public WireFault Faults { get; private set; }

    /// <summary>Of values that are asked for; such a value is missing, and the record is fine.</summary>
    public WireFault ValueFaults { get; set; }

    /// <summary>A value that is asked for has more fields than are read; it is missing.</summary>
    public bool HasCrowdedValue { get; set; }

    /// <summary>Which of all items, counted from 0, are of another signal by their shape.</summary>
    public List<int> OtherSignals { get; } = [];

    /// <summary>The deepest unknown group.</summary>
    public int GroupDepth { get; private set; }

    public void Note(WireFault fault, int groupDepth)
    {
        Faults |= fault;
        GroupDepth = Math.Max(GroupDepth, groupDepth);
    }

    /// <summary>Null where both say the same.</summary>
    public string? DifferenceTo(PlainRecord other)
    {
        if (Status != other.Status || Invalid != other.Invalid)
        {
            return $"{Status} with {Items.Count} items and {Invalid} invalid, but {other.Status} with {other.Items.Count} and {other.Invalid}";
        }

        return DifferenceOf(Items, other.Items);
    }

    public static string? DifferenceOf(List<PlainItem> one, List<PlainItem> other)
    {
        for (int i = 0; i < Math.Min(one.Count, other.Count); i++)
        {
            if (one[i] != other[i])
            {
                return $"item {i}:\n  {one[i]}\nbut\n  {other[i]}";
            }
        }

        return one.Count == other.Count ? null : $"{one.Count} items, but {other.Count}";
    }
}
