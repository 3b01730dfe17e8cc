using SpanMetrics.Ingest;
using SpanMetrics.Otlp;

namespace SpanMetrics.Pipeline;

/// <summary>Turns OTLP/JSON into OTLP before it goes on, so that there is one decoder. A record that is neither goes on as it is.</summary>
internal sealed class JsonRecordSink(IRecordSink next) : IRecordSink
{
    private readonly WireWriter _transcoded = new(64 * 1024);

    public void Take(ReadOnlySpan<byte> value, bool isNull)
    {
        _transcoded.Clear();
        bool isJson = value.TrimStart(" \t\r\n"u8) is [(byte)'{', ..] && OtlpJson.TryTranscodeTraces(value, _transcoded);
        next.Take(isJson ? _transcoded.Written : value, isNull);
    }
}
