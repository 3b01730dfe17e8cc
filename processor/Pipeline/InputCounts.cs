using SpanMetrics.Exposition;
using SpanMetrics.Ingest;

namespace SpanMetrics.Pipeline;

/// <summary>What came in and what became of it. Not thread-safe: owned by one worker.</summary>
internal sealed class InputCounts
{
    public SignalCounts Traces { get; } = new();

    public SignalCounts Logs { get; } = new();

    public long Records => Traces.Records + Logs.Records;

    /// <summary>Of record values.</summary>
    public long Bytes { get; set; }

    /// <summary>Offsets that Kafka no longer had when their turn came.</summary>
    public long OffsetsLost { get; set; }

    /// <summary>From the end of each span to when it was read; none for those whose end is not believed.</summary>
    public PlainHistogram Lateness { get; } = NewLateness();

    /// <summary>The latest end of a span so far.</summary>
    public ulong LastSpanEndUnixNano { get; set; }

    public TraceCounts Context { get; set; } = new();

    public SignalCounts Of(RecordSignal signal) => signal == RecordSignal.Logs ? Logs : Traces;

    public static PlainHistogram NewLateness() =>
        new("spanmetrics_span_lateness_seconds", "Time from the end of a span to when its record was read.", [.1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 3600]);

    public InputCounts Copy()
    {
        var copy = new InputCounts();
        copy.Add(this);
        return copy;
    }

    public void Add(InputCounts other)
    {
        Traces.Add(other.Traces);
        Logs.Add(other.Logs);
        Bytes += other.Bytes;
        Lateness.Add(other.Lateness);
        OffsetsLost += other.OffsetsLost;
        Context.Add(other.Context);
        LastSpanEndUnixNano = Math.Max(LastSpanEndUnixNano, other.LastSpanEndUnixNano);
    }

    public IEnumerable<PlainFamily> Families()
    {
        var records = new PlainFamily("spanmetrics_input_records_total", "Records read, by what became of them.", isCounter: true);
        Traces.PutRecordsInto(records, "traces");
        Logs.PutRecordsInto(records, "logs");
        yield return records;
        yield return Traces.ItemFamily("spanmetrics_input_spans_total", "Spans read, by what became of them.")
            .With(0, ("outcome", "duplicate")); // nothing tells duplicates yet, so none is dropped
        yield return Logs.ItemFamily("spanmetrics_input_log_records_total", "Log records read, by what became of them.");
        yield return new PlainFamily("spanmetrics_input_bytes_total", "Bytes of record values read.", isCounter: true).With(Bytes);
        yield return new PlainFamily("spanmetrics_kafka_offsets_lost_total", "Records that were gone from Kafka before they were read.", isCounter: true).With(OffsetsLost);
        foreach (PlainFamily family in Context.Families())
        {
            yield return family;
        }

        var last = new PlainFamily("spanmetrics_last_span_timestamp_seconds", "Latest end of a span read, unix time.", isCounter: false);
        yield return LastSpanEndUnixNano > 0 ? last.With(LastSpanEndUnixNano / 1e9) : last;
    }
}
