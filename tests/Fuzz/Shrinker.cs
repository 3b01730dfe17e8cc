using SpanMetrics.Oracle;

namespace SpanMetrics.Fuzz;

/// <summary>Takes away from a record whatever is not needed for it to be a finding.</summary>
internal static class Shrinker
{
    public static byte[] Shrink(byte[] record, WireShape shape, Func<byte[], bool> isFinding)
    {
        for (byte[]? smaller = record; smaller is not null; smaller = Step(record, shape).FirstOrDefault(isFinding))
        {
            record = smaller;
        }

        return record;
    }

    private static IEnumerable<byte[]> Step(byte[] record, WireShape shape)
    {
        foreach (List<WireNode> fields in Smaller.Of(WireNode.Parse(record, shape)))
        {
            byte[] written = WireNode.Write(fields);
            if (written.Length < record.Length)
            {
                yield return written;
            }
        }

        for (int size = record.Length / 2; size > 0; size /= 2)
        {
            for (int at = 0; at + size <= record.Length; at += size)
            {
                yield return [.. record[..at], .. record[(at + size)..]];
            }
        }
    }
}
