namespace SpanMetrics.Ingest;

/// <summary>Hands the records of a file to a sink, as Kafka would have.</summary>
internal sealed class RecordFile
{
    private const byte ResourceTag = 0x0A;

    private readonly byte[] _bytes;
    private readonly RecordFormat _format;
    private readonly RecordSignal _signal;

    /// <param name="path"><c>-</c> is standard input.</param>
    /// <param name="format">How the file holds its records.</param>
    /// <param name="signal">What they hold.</param>
    /// <exception cref="UnreadableFileException">It cannot be read.</exception>
    public RecordFile(string path, RecordFormat format, RecordSignal signal)
    {
        try
        {
            _bytes = path == "-" ? ReadStandardInput() : File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableFileException(path, exception is FileNotFoundException or DirectoryNotFoundException ? "no such file" : exception.Message);
        }

        _format = format == RecordFormat.Auto ? Guess(_bytes) : format;
        _signal = signal;
    }

    /// <summary>In file order. A record whose length points past the end is handed over as far as it is there.</summary>
    public void Read(IRecordSink sink)
    {
        ReadOnlySpan<byte> rest = _bytes;
        switch (_format)
        {
            case RecordFormat.Otlp:
                sink.Take(rest, isNull: false, _signal);
                break;
            case RecordFormat.OtlpJson:
                foreach (Range line in rest.Split((byte)'\n'))
                {
                    if (!rest[line].Trim(" \t\r"u8).IsEmpty)
                    {
                        sink.Take(rest[line], isNull: false, _signal);
                    }
                }

                break;
            default:
                while (!rest.IsEmpty)
                {
                    bool whole = TryReadLength(rest, out int length, out int prefix);
                    rest = rest[prefix..];
                    int taken = whole ? length : rest.Length;
                    sink.Take(rest[..taken], isNull: false, _signal);
                    rest = rest[taken..];
                }

                break;
        }
    }

    // One message is a chain of ResourceSpans or ResourceLogs to the very end; a delimited file would have to start with a record of ten bytes to look so.
    private static RecordFormat Guess(ReadOnlySpan<byte> bytes)
    {
        if (bytes.TrimStart(" \t\r\n"u8) is [(byte)'{', ..])
        {
            return RecordFormat.OtlpJson;
        }

        while (!bytes.IsEmpty)
        {
            if (bytes[0] != ResourceTag || !TryReadLength(bytes[1..], out int length, out int prefix))
            {
                return RecordFormat.Delimited;
            }

            bytes = bytes[(1 + prefix + length)..];
        }

        return RecordFormat.Otlp;
    }

    // False when the length is missing or points past the end; prefix is what the varint itself took.
    private static bool TryReadLength(ReadOnlySpan<byte> bytes, out int length, out int prefix)
    {
        ulong value = 0;
        for (prefix = 0; prefix < Math.Min(5, bytes.Length); prefix++)
        {
            value |= (ulong)(bytes[prefix] & 0x7F) << (7 * prefix);
            if (bytes[prefix] < 0x80)
            {
                prefix++;
                bool there = value <= (ulong)(bytes.Length - prefix);
                length = there ? (int)value : 0;
                return there;
            }
        }

        length = 0;
        return false;
    }

    private static byte[] ReadStandardInput()
    {
        using Stream input = Console.OpenStandardInput();
        using var copy = new MemoryStream();
        input.CopyTo(copy);
        return copy.ToArray();
    }
}
