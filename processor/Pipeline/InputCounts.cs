using SpanMetrics.Exposition;
using SpanMetrics.Otlp;

namespace SpanMetrics.Pipeline;

/// <summary>
/// What came in and what became of it. The spans read are the sum of the four outcomes, always. Not thread-safe: owned by one worker.
/// </summary>
internal sealed class InputCounts
{
    private static readonly string[] Reasons = ["none", "null", "empty", "truncated", "malformed", "not_otlp", "wrong_signal", "too_large"];

    private readonly long[] _whole = new long[Reasons.Length];
    private readonly long[] _salvaged = new long[Reasons.Length];

    public long Records { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Spans in at least one series.</summary>
    public long Counted { get; set; }

    /// <summary>Spans that no view wants.</summary>
    public long Filtered { get; set; }

    /// <summary>Spans whose own bytes are broken.</summary>
    public long Invalid { get; set; }

    /// <summary>The latest end of a span so far.</summary>
    public ulong LastSpanEndUnixNano { get; set; }

    public static string ReasonOf(DecodeStatus status) => Reasons[(int)status];

    /// <param name="status">What the decoder said of the record.</param>
    /// <param name="bytes">Length of the record's value.</param>
    /// <param name="salvaged">The record is broken, and some of its spans were counted all the same.</param>
    public void Record(DecodeStatus status, int bytes, bool salvaged)
    {
        Records++;
        Bytes += bytes;
        (salvaged ? _salvaged : _whole)[(int)status]++;
    }

    public InputCounts Copy()
    {
        var copy = new InputCounts();
        copy.Add(this);
        return copy;
    }

    public void Add(InputCounts other)
    {
        Records += other.Records;
        Bytes += other.Bytes;
        Counted += other.Counted;
        Filtered += other.Filtered;
        Invalid += other.Invalid;
        LastSpanEndUnixNano = Math.Max(LastSpanEndUnixNano, other.LastSpanEndUnixNano);
        for (int status = 0; status < Reasons.Length; status++)
        {
            _whole[status] += other._whole[status];
            _salvaged[status] += other._salvaged[status];
        }
    }

    public IEnumerable<PlainFamily> Families()
    {
        var records = new PlainFamily("spanmetrics_input_records_total", "Records read, by what became of them.", isCounter: true);
        for (int status = 0; status < Reasons.Length; status++)
        {
            records.With($"signal=\"traces\",outcome=\"{(status == 0 ? "ok" : "rejected")}\",reason=\"{Reasons[status]}\"", _whole[status]);
            if ((DecodeStatus)status is DecodeStatus.Truncated or DecodeStatus.Malformed)
            {
                records.With($"signal=\"traces\",outcome=\"salvaged\",reason=\"{Reasons[status]}\"", _salvaged[status]);
            }
        }

        yield return records;
        yield return new PlainFamily("spanmetrics_input_spans_total", "Spans read, by what became of them.", isCounter: true)
            .With("outcome=\"counted\"", Counted)
            .With("outcome=\"filtered\"", Filtered)
            .With("outcome=\"invalid\"", Invalid)
            .With("outcome=\"duplicate\"", 0); // nothing tells duplicates yet, so none is dropped
        yield return new PlainFamily("spanmetrics_input_bytes_total", "Bytes of record values read.", isCounter: true).With("", Bytes);
        if (LastSpanEndUnixNano > 0)
        {
            yield return new PlainFamily("spanmetrics_last_span_timestamp_seconds", "Latest end of a span read, unix time.", isCounter: false)
                .With("", LastSpanEndUnixNano / 1e9);
        }
    }
}
