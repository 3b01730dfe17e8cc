namespace SpanMetrics.Otlp;

/// <summary>
/// Pushes the log records of one OTLP record to a visitor, in wire order, without copying them. A broken part ends what it
/// is in and nothing beside it. Holds scratch for one record at a time: owned by one worker.
/// </summary>
internal sealed class LogsDecoder(AttributeSelector selector)
{
    /// <summary>SEVERITY_NUMBER_FATAL4, the last there is.</summary>
    private const uint LastSeverity = 24;

    private const uint Attribute = (6 << 3) | WireType.Bytes;

    private readonly SelectedAttributes _resource = new(selector);
    private readonly SelectedAttributes _attributes = new(selector);
    private ulong _scopes = 1ul << 63; // read so far, of all records; the traces decoder's numbers are others

    /// <summary>The log records before the first broken byte have been visited, whatever is returned.</summary>
    public DecodeStatus Decode<TVisitor>(ReadOnlySpan<byte> record, ref TVisitor visitor)
        where TVisitor : ILogRecordVisitor, allows ref struct
    {
        DecodeStatus status = Decode(record, lookAhead: false, ref visitor, out bool again);
        if (again)
        {
            visitor.Restart();
            status = Decode(record, lookAhead: true, ref visitor, out _);
        }

        return status;
    }

    private DecodeStatus Decode<TVisitor>(ReadOnlySpan<byte> record, bool lookAhead, ref TVisitor visitor, out bool again)
        where TVisitor : ILogRecordVisitor, allows ref struct
    {
        var items = new ItemReader(record, _resource, lookAhead) { ScopeNumber = _scopes };
        bool isFull = false;
        while (items.TryReadNext(out Slice logRecord))
        {
            isFull = !visitor.TryMakeRoom(canRestart: !lookAhead);
            if (isFull)
            {
                break;
            }

            DecodeStatus status = DecodeLogRecord(record, logRecord, items.ScopeName, items.ScopeNumber, ref visitor);
            items.NoteItem(status);
            if (status != DecodeStatus.Ok)
            {
                visitor.VisitInvalid();
            }
        }

        again = items.GaveUp || isFull;
        _scopes = items.ScopeNumber;
        return items.Status;
    }

    // message LogRecord {
    //   fixed64 time_unix_nano = 1; SeverityNumber severity_number = 2; string severity_text = 3; AnyValue body = 5;
    //   repeated KeyValue attributes = 6; … fixed32 flags = 8; bytes trace_id = 9; bytes span_id = 10;
    //   fixed64 observed_time_unix_nano = 11; string event_name = 12;
    // }
    private DecodeStatus DecodeLogRecord<TVisitor>(ReadOnlySpan<byte> record, Slice logRecord, Slice scopeName, ulong scopeNumber, ref TVisitor visitor)
        where TVisitor : ILogRecordVisitor, allows ref struct
    {
        _attributes.Clear();
        Slice severityText = default, traceId = default, spanId = default, eventName = default;
        AttributeValue body = default;
        ulong time = 0, observed = 0, severity = 0;
        bool fine = true;
        var reader = new WireReader(record, logRecord);
        while (fine)
        {
            int field = reader.Position;
            if (!reader.TryReadTag(out uint tag))
            {
                break;
            }

            if (tag == Attribute && _attributes.ReadRun(record, field, logRecord.End, Attribute) is int after && after > field)
            {
                reader.Position = after; // attributes seldom come alone
                continue;
            }

            Slice said = default;
            fine = tag switch
            {
                (1 << 3) | WireType.Fixed64 => reader.TryReadFixed64(out time),
                (2 << 3) | WireType.Varint => reader.TryReadVarint(out severity),
                (3 << 3) | WireType.Bytes => reader.TryReadBytes(out severityText),
                (5 << 3) | WireType.Bytes => reader.TryReadBytes(out said),
                Attribute => reader.TryReadBytes(out Slice keyValue) && _attributes.TryRead(record, keyValue),
                (9 << 3) | WireType.Bytes => reader.TryReadBytes(out traceId),
                (10 << 3) | WireType.Bytes => reader.TryReadBytes(out spanId),
                (11 << 3) | WireType.Fixed64 => reader.TryReadFixed64(out observed),
                (12 << 3) | WireType.Bytes => reader.TryReadBytes(out eventName),
                _ => reader.TrySkip(tag),
            };

            // A repeated message is merged: one that has no arm leaves the arm of the one before.
            if (said.Length > 0 && AttributeValue.Read(record, said) is { Kind: not AttributeKind.Missing } value)
            {
                body = value;
            }
        }

        if (time == 0 && observed == 0 && SignalGuess.Of(record, logRecord) is Signal.Traces or Signal.Metrics)
        {
            return DecodeStatus.WrongSignal;
        }

        if (!fine || reader.Status != DecodeStatus.Ok)
        {
            return reader.Status == DecodeStatus.Ok ? DecodeStatus.Malformed : reader.Status;
        }

        visitor.Visit(new LogRecordView
        {
            TraceId = traceId.Of(record),
            SpanId = spanId.Of(record),
            EventName = eventName.Of(record),
            ScopeName = scopeName.Of(record),
            SeverityText = severityText.Of(record),
            // An enum is the low 32 bits of its varint.
            SeverityNumber = (uint)severity <= LastSeverity ? (int)severity : 0,
            TimeUnixNano = time,
            ObservedTimeUnixNano = observed,
            Body = body,
            Attributes = new AttributeSlots(record, _attributes),
            Resource = new AttributeSlots(record, _resource),
            AsSpan = new SpanView(record, _attributes, _resource, scopeName, scopeNumber) { TraceIdAt = traceId, SpanIdAt = spanId, NameAt = eventName },
        });
        return DecodeStatus.Ok;
    }
}
