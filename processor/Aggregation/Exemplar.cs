using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>One span behind a number.</summary>
internal readonly record struct Exemplar
{
    /// <summary>In place of a bucket: it stands with the counter.</summary>
    public const int OfCounter = -1;

    public required int Series { get; init; }

    /// <summary>As the row of the series has it; <see cref="OfCounter"/> without a duration.</summary>
    public required int Bucket { get; init; }

    public required SpanLink Link { get; init; }

    public required long DurationNanos { get; init; }

    /// <summary>See <see cref="RankOf"/>.</summary>
    public required uint Rank { get; init; }

    /// <summary>Of the span, not of the scrape. Prometheus keeps milliseconds.</summary>
    public long EndUnixMillis => (long)(Link.EndUnixNano / 1_000_000);

    /// <summary>As it is printed: the duration with a bucket, and 1 with a counter, the span itself.</summary>
    public double Value { get; init; }

    /// <summary>Not worth it.</summary>
    public const uint NoRank = 0;

    /// <summary>Which of two spans to show: the one that was denied, then the slower one.</summary>
    public static uint RankOf(long durationNanos, bool isDenied) =>
        BitConverter.SingleToUInt32Bits(Math.Max(durationNanos, 0)) | (isDenied ? 1u << 31 : 0);
}
