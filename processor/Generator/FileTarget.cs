using SpanMetrics.Otlp;

namespace SpanMetrics.Generator;

/// <summary>ExportTraceServiceRequests in a file, a varint length before each (`replay --format delimited`). Overwrites the file.</summary>
internal sealed class FileTarget : IBatchTarget
{
    private const int BufferSize = 1 << 20;

    private readonly FileStream _file;
    private readonly WireWriter _length = new(16);

    public FileTarget(string path)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, BufferSize);
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> record, CancellationToken stop)
    {
        _length.Clear();
        _length.Varint((ulong)record.Length);
        _file.Write(_length.Written);
        _file.Write(record.Span);
        return ValueTask.CompletedTask;
    }

    public async ValueTask<long> CompleteAsync()
    {
        await _file.FlushAsync();
        return 0;
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
