using SpanMetrics.Ingest;

namespace SpanMetrics.Perf;

/// <summary>Records to measure with.</summary>
internal sealed class RecordSet(byte[][] records, int spans)
{
    public byte[][] Records => records;

    public int Spans => spans;

    public double BytesPerSpan { get; } = records.Sum(record => (double)record.Length) / spans;

    public void Feed(IRecordSink sink)
    {
        foreach (byte[] record in records)
        {
            sink.Take(record, isNull: false, RecordSignal.Traces);
        }
    }
}
