using SpanMetrics.Exposition;
using SpanMetrics.Otlp;

namespace SpanMetrics.Pipeline;

/// <summary>
/// Records of one signal, and the items in them (spans or log records), by what became of them. The items read are the sum of
/// their outcomes, always.
/// </summary>
internal sealed class SignalCounts
{
    private static readonly string[] Reasons = ["none", "null", "empty", "truncated", "malformed", "not_otlp", "wrong_signal", "too_large"];

    private readonly long[] _whole = new long[Reasons.Length];
    private readonly long[] _salvaged = new long[Reasons.Length];

    public long Records { get; private set; }

    /// <summary>Items in at least one series.</summary>
    public long Counted { get; private set; }

    /// <summary>Items that no view wants.</summary>
    public long Filtered { get; private set; }

    /// <summary>Items whose own bytes are broken.</summary>
    public long Invalid { get; private set; }

    public long Items => Counted + Filtered + Invalid;

    public static string ReasonOf(DecodeStatus status) => Reasons[(int)status];

    /// <summary>One record: what the decoder said of it, whether it is broken and in part counted all the same, and its items.</summary>
    public void Add(DecodeStatus status, bool salvaged, int counted, int filtered, int invalid)
    {
        Records++;
        (salvaged ? _salvaged : _whole)[(int)status]++;
        Counted += counted;
        Filtered += filtered;
        Invalid += invalid;
    }

    public void Add(SignalCounts other)
    {
        Records += other.Records;
        Counted += other.Counted;
        Filtered += other.Filtered;
        Invalid += other.Invalid;
        for (int status = 0; status < Reasons.Length; status++)
        {
            _whole[status] += other._whole[status];
            _salvaged[status] += other._salvaged[status];
        }
    }

    public void PutRecordsInto(PlainFamily family, string signal)
    {
        for (int status = 0; status < Reasons.Length; status++)
        {
            family.With(_whole[status], ("signal", signal), ("outcome", status == 0 ? "ok" : "rejected"), ("reason", Reasons[status]));
            if ((DecodeStatus)status is DecodeStatus.Truncated or DecodeStatus.Malformed)
            {
                family.With(_salvaged[status], ("signal", signal), ("outcome", "salvaged"), ("reason", Reasons[status]));
            }
        }
    }

    /// <summary>The items, in a family of their own.</summary>
    public PlainFamily ItemFamily(string name, string help) =>
        new PlainFamily(name, help, isCounter: true)
            .With(Counted, ("outcome", "counted"))
            .With(Filtered, ("outcome", "filtered"))
            .With(Invalid, ("outcome", "invalid"));
}
