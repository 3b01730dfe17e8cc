using SpanMetrics.Ingest;
using SpanMetrics.Otlp;

namespace SpanMetrics.Pipeline;

/// <summary>
/// Makes of a file's record what Kafka would have handed over: OTLP/JSON becomes OTLP, so that there is one decoder, and a signal
/// that nobody named is told by the content. A record that is neither goes on as it is.
/// </summary>
internal sealed class FileRecordSink(IRecordSink next) : IRecordSink
{
    private readonly WireWriter _transcoded = new(64 * 1024);

    public void Take(ReadOnlySpan<byte> value, bool isNull, RecordSignal signal)
    {
        _transcoded.Clear();
        Signal content = Transcode(value);
        ReadOnlySpan<byte> record = content == Signal.Unknown ? value : _transcoded.Written;
        if (signal == RecordSignal.Auto)
        {
            content = content == Signal.Unknown ? SignalGuess.Of(record) : content;
            signal = content == Signal.Logs ? RecordSignal.Logs : RecordSignal.Traces;
        }

        next.Take(record, isNull, signal);
    }

    // Unknown when it is no JSON, or none of a signal that is read.
    private Signal Transcode(ReadOnlySpan<byte> value) =>
        value.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..] ? Signal.Unknown
        : OtlpJson.TryTranscodeTraces(value, _transcoded) ? Signal.Traces
        : OtlpJson.TryTranscodeLogs(value, _transcoded) ? Signal.Logs
        : Signal.Unknown;
}
