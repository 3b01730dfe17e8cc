namespace SpanMetrics.Oracle;

/// <summary>What one record must give.</summary>
internal sealed class PlainRecord
{
    public PlainStatus Status { get; set; }

    /// <summary>In wire order.</summary>
    public List<PlainSpan> Spans { get; } = [];

    /// <summary>Spans whose own bytes are broken, and log records or metrics in the place of spans.</summary>
    public int Invalid { get; set; }

    /// <summary>Of the messages that are read, but for values.</summary>
    public WireFault Faults { get; private set; }

    /// <summary>Of values that are asked for; such a value is missing, and the record is fine.</summary>
    public WireFault ValueFaults { get; set; }

    /// <summary>Which of all spans, counted from 0, are log records or metrics by their shape.</summary>
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
            return $"{Status} with {Spans.Count} spans and {Invalid} invalid, but {other.Status} with {other.Spans.Count} and {other.Invalid}";
        }

        return DifferenceOf(Spans, other.Spans);
    }

    public static string? DifferenceOf(List<PlainSpan> one, List<PlainSpan> other)
    {
        for (int i = 0; i < Math.Min(one.Count, other.Count); i++)
        {
            if (one[i] != other[i])
            {
                return $"span {i}:\n  {one[i]}\nbut\n  {other[i]}";
            }
        }

        return one.Count == other.Count ? null : $"{one.Count} spans, but {other.Count}";
    }
}
