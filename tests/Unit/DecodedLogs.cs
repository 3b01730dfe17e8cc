using SpanMetrics.Otlp;

namespace SpanMetrics.Tests.Unit;

/// <summary>Everything that decoding one record of logs gave.</summary>
internal sealed class DecodedLogs : ILogRecordVisitor
{
    private readonly List<SeenLogRecord> _logRecords = [];

    public DecodeStatus Status { get; private set; }

    public IReadOnlyList<SeenLogRecord> LogRecords => _logRecords;

    public int Invalid { get; private set; }

    public IEnumerable<string> EventNames => _logRecords.Select(log => log.EventName);

    public static DecodedLogs Of(ReadOnlySpan<byte> record) => Of(record, new LogsDecoder(SeenLogRecord.Selector));

    public static DecodedLogs Of(ReadOnlySpan<byte> record, LogsDecoder decoder)
    {
        var seen = new DecodedLogs();
        seen.Status = decoder.Decode(record, ref seen);
        return seen;
    }

    /// <summary>The one log record of a record that is fine.</summary>
    public static SeenLogRecord LogRecordOf(ReadOnlySpan<byte> record)
    {
        DecodedLogs seen = Of(record);
        Assert.Equal(DecodeStatus.Ok, seen.Status);
        return Assert.Single(seen.LogRecords);
    }

    public bool TryMakeRoom(bool canRestart) => true;

    public void Visit(in LogRecordView logRecord) => _logRecords.Add(SeenLogRecord.Of(logRecord));

    public void VisitInvalid() => Invalid++;

    public void Restart()
    {
        _logRecords.Clear();
        Invalid = 0;
    }
}
