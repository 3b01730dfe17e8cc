using SpanMetrics.Generator;
using SpanMetrics.Otlp;

namespace SpanMetrics.Perf;

/// <summary>
/// Whole sessions of made-up agents, as `spanmetrics generate` writes them: a third of the spans are model or tool calls, a fifth are
/// decisions, the rest are steps, sanitizer runs and runs. The same bytes in every run.
/// </summary>
internal static class SessionSpans
{
    private const int Spans = 20_000;
    private const int SpansPerRecord = 200;
    private const ulong Start = 1_767_268_800_000_000_000;

    public static RecordSet Make()
    {
        var traffic = new AgentTraffic(1, []);
        var records = new List<byte[]>();
        int spans = 0;
        while (spans < Spans)
        {
            var record = new WireWriter(1 << 17);
            spans += traffic.WriteBatch(record, SpansPerRecord, Start + ((ulong)spans * 1_000_000));
            records.Add(record.Written.ToArray());
        }

        return new RecordSet([.. records], spans);
    }
}
