using SpanMetrics.Generator;
using SpanMetrics.Otlp;

namespace SpanMetrics.Perf;

/// <summary>What the benchmarks read: the demo's traffic, the same bytes in every run.</summary>
internal static class SpanRecords
{
    public const int SpansPerRecord = 200;

    /// <summary>Together larger than a core's own caches, as records fresh from Kafka are.</summary>
    public const int Records = 50;

    public const int Spans = SpansPerRecord * Records;

    public static byte[][] Make()
    {
        const ulong noon = 1_767_268_800_000_000_000;
        const ulong step = 400_000_000; // 500 spans a second
        var traffic = new AgentTraffic(seed: 1, scenarios: []);
        var writer = new WireWriter();
        var records = new byte[Records][];
        for (int i = 0; i < Records; i++)
        {
            writer.Clear();
            traffic.WriteBatch(writer, SpansPerRecord, noon + ((ulong)i * step));
            records[i] = writer.Written.ToArray();
        }

        return records;
    }
}
