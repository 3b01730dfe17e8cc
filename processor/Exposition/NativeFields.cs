using SpanMetrics.Aggregation;
using SpanMetrics.Otlp;

namespace SpanMetrics.Exposition;

/// <summary>The fields of a protobuf histogram that make it a native one: its buckets that are not empty, in runs.</summary>
internal static class NativeFields
{
    /// <summary>Whether no bucket has a fraction, of spans that stand for others: else all of them are told in fields for doubles.</summary>
    public static bool AreWhole(SeriesValue value)
    {
        foreach (double count in value.NativeBuckets)
        {
            if (!double.IsInteger(count))
            {
                return false;
            }
        }

        return true;
    }

    // message Histogram { sint32 schema = 5; double zero_threshold = 6; uint64 zero_count = 7; double zero_count_float = 8;
    //                     repeated BucketSpan positive_span = 12; repeated sint64 positive_delta = 13; repeated double positive_count = 14; }
    public static void Write(WireWriter wire, NativeBuckets native, SeriesValue value, bool isWhole)
    {
        ReadOnlySpan<double> buckets = value.NativeBuckets;
        wire.VarintField(5, ZigZag(native.Schema));
        wire.DoubleField(6, native.ZeroThreshold);
        if (isWhole)
        {
            wire.VarintField(7, (ulong)buckets[0]);
        }
        else
        {
            wire.DoubleField(8, buckets[0]);
        }

        Spans(wire, native.First, buckets);
        int counts = wire.Begin(isWhole ? 13 : 14); // packed
        long last = 0;
        foreach (double count in buckets[1..])
        {
            if (count == 0)
            {
                continue;
            }

            if (isWhole)
            {
                wire.Varint(ZigZag((long)count - last));
                last = (long)count;
            }
            else
            {
                wire.Fixed64(BitConverter.DoubleToUInt64Bits(count));
            }
        }

        wire.End(counts);
    }

    // message BucketSpan { sint32 offset = 1; uint32 length = 2; }, the offset from the end of the span before; of the first one from 0.
    private static void Spans(WireWriter wire, int zero, ReadOnlySpan<double> buckets)
    {
        int end = -zero;
        for (int i = 1; i < buckets.Length; i++)
        {
            int start = i;
            while (i < buckets.Length && buckets[i] != 0)
            {
                i++;
            }

            if (i > start)
            {
                int span = wire.Begin(12);
                wire.VarintField(1, ZigZag(start - end));
                wire.VarintField(2, (ulong)(i - start));
                wire.End(span);
                end = i;
            }
        }
    }

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));
}
