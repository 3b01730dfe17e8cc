namespace SpanMetrics.Otlp;

/// <summary>
/// Pushes the spans of one OTLP record to a visitor, in wire order, without copying them. A broken part ends what it
/// is in and nothing beside it. Holds scratch for one record at a time: owned by one worker.
/// </summary>
internal sealed class TracesDecoder(AttributeSelector selector)
{
    private readonly Slice[] _resource = new Slice[selector.Count];
    private readonly Slice[] _span = new Slice[selector.Count];
    private DecodeStatus _status;
    private bool _sawResourceSpans;
    private bool _sawLogRecord;
    private bool _sawSpan;

    // message TracesData { repeated ResourceSpans resource_spans = 1; }   (ExportTraceServiceRequest has the same shape)
    /// <summary>The spans before the first broken byte have been visited, whatever is returned.</summary>
    public DecodeStatus Decode<TVisitor>(ReadOnlySpan<byte> record, ref TVisitor visitor)
        where TVisitor : ISpanVisitor, allows ref struct
    {
        if (record.IsEmpty)
        {
            return DecodeStatus.Empty;
        }

        _status = DecodeStatus.Ok;
        _sawResourceSpans = _sawLogRecord = _sawSpan = false;
        var reader = new WireReader(record, new Slice(0, record.Length));
        while (reader.TryReadTag(out uint tag))
        {
            if (tag == ((1 << 3) | WireType.Bytes))
            {
                if (!reader.TryReadBytesOrRest(out Slice resourceSpans))
                {
                    break;
                }

                _sawResourceSpans = true;
                DecodeResourceSpans(record, resourceSpans, ref visitor);
            }
            else if (!reader.TrySkip(tag))
            {
                break;
            }
        }

        Note(reader.Status);
        if (!_sawSpan && _sawLogRecord)
        {
            return DecodeStatus.WrongSignal;
        }

        return _sawResourceSpans || _status == DecodeStatus.Truncated && _sawSpan ? _status : DecodeStatus.NotOtlp;
    }

    // message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
    // message Resource      { repeated KeyValue attributes = 1; }
    private void DecodeResourceSpans<TVisitor>(ReadOnlySpan<byte> record, Slice resourceSpans, ref TVisitor visitor)
        where TVisitor : ISpanVisitor, allows ref struct
    {
        // The wire does not promise the resource before its spans, so it is looked for first; a repeated one is merged.
        Array.Clear(_resource);
        var reader = new WireReader(record, resourceSpans);
        while (reader.TryReadTag(out uint tag))
        {
            if (tag == ((1 << 3) | WireType.Bytes) && reader.TryReadBytes(out Slice resource))
            {
                var inner = new WireReader(record, resource);
                while (inner.TryReadTag(out uint innerTag))
                {
                    bool read = innerTag == ((1 << 3) | WireType.Bytes)
                        ? inner.TryReadBytes(out Slice keyValue) && selector.TrySelect(record, keyValue, _resource)
                        : inner.TrySkip(innerTag);
                    if (!read)
                    {
                        Note(inner.Status == DecodeStatus.Ok ? DecodeStatus.Malformed : inner.Status);
                        break;
                    }
                }

                Note(inner.Status);
            }
            else if (reader.Status != DecodeStatus.Ok || !reader.TrySkip(tag))
            {
                break;
            }
        }

        reader = new WireReader(record, resourceSpans);
        while (reader.TryReadTag(out uint tag))
        {
            if (tag == ((2 << 3) | WireType.Bytes))
            {
                if (!reader.TryReadBytesOrRest(out Slice scopeSpans))
                {
                    break;
                }

                DecodeScopeSpans(record, scopeSpans, ref visitor);
            }
            else if (!reader.TrySkip(tag))
            {
                break;
            }
        }

        Note(reader.Status);
    }

    // message ScopeSpans           { InstrumentationScope scope = 1; repeated Span spans = 2; string schema_url = 3; }
    // message InstrumentationScope { string name = 1; }
    private void DecodeScopeSpans<TVisitor>(ReadOnlySpan<byte> record, Slice scopeSpans, ref TVisitor visitor)
        where TVisitor : ISpanVisitor, allows ref struct
    {
        Slice scopeName = default;
        var reader = new WireReader(record, scopeSpans);
        while (reader.TryReadTag(out uint tag))
        {
            if (tag == ((1 << 3) | WireType.Bytes) && reader.TryReadBytes(out Slice scope))
            {
                var inner = new WireReader(record, scope);
                while (inner.TryReadTag(out uint innerTag))
                {
                    bool read = innerTag == ((1 << 3) | WireType.Bytes)
                        ? inner.TryReadBytes(out scopeName)
                        : inner.TrySkip(innerTag);
                    if (!read)
                    {
                        break;
                    }
                }

                Note(inner.Status);
            }
            else if (reader.Status != DecodeStatus.Ok || !reader.TrySkip(tag))
            {
                break;
            }
        }

        reader = new WireReader(record, scopeSpans);
        while (reader.TryReadTag(out uint tag))
        {
            if (tag == ((2 << 3) | WireType.Bytes))
            {
                if (!reader.TryReadBytes(out Slice span))
                {
                    break;
                }

                DecodeSpan(record, span, scopeName, ref visitor);
            }
            else if (!reader.TrySkip(tag))
            {
                break;
            }
        }

        Note(reader.Status);
    }

    // message Span {
    //   bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5;
    //   SpanKind kind = 6; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
    //   repeated KeyValue attributes = 9; … repeated Event events = 11; repeated Link links = 13; Status status = 15;
    // }
    private void DecodeSpan<TVisitor>(ReadOnlySpan<byte> record, Slice span, Slice scopeName, ref TVisitor visitor)
        where TVisitor : ISpanVisitor, allows ref struct
    {
        Array.Clear(_span);
        var view = new SpanView(record, _span, _resource, scopeName);
        var reader = new WireReader(record, span);
        while (reader.TryReadTag(out uint tag))
        {
            // By wire type first: one read of each kind in this loop keeps it small enough to be inlined whole.
            bool read;
            switch (tag & 7)
            {
                case WireType.Bytes:
                    read = reader.TryReadBytes(out Slice bytes);
                    switch (tag >> 3)
                    {
                        case 9:
                            read = read && selector.TrySelect(record, bytes, _span);
                            break;
                        case 1:
                            view.TraceIdAt = bytes;
                            break;
                        case 2:
                            view.SpanIdAt = bytes;
                            break;
                        case 3:
                            view.TraceStateAt = bytes;
                            break;
                        case 5:
                            view.NameAt = bytes;
                            break;
                        case 15:
                            read = read && ReadStatus(record, bytes, ref view);
                            break;
                    }

                    break;
                case WireType.Fixed64:
                    read = reader.TryReadFixed64(out ulong time);
                    switch (tag >> 3)
                    {
                        case 7:
                            view.StartUnixNano = time;
                            break;
                        case 8:
                            view.EndUnixNano = time;
                            break;
                        case 1 or 11:
                            // message LogRecord { fixed64 time_unix_nano = 1; … fixed64 observed_time_unix_nano = 11; } stands exactly where a span would.
                            _sawLogRecord = true;
                            visitor.VisitInvalid();
                            return;
                    }

                    break;
                case WireType.Varint:
                    read = reader.TryReadVarint(out ulong number);
                    view.KindNumber = tag >> 3 == 6 ? number : view.KindNumber;
                    break;
                default:
                    read = reader.TrySkip(tag);
                    break;
            }

            if (!read)
            {
                Invalid(reader.Status == DecodeStatus.Ok ? DecodeStatus.Malformed : reader.Status, ref visitor);
                return;
            }
        }

        if (reader.Status != DecodeStatus.Ok)
        {
            Invalid(reader.Status, ref visitor);
            return;
        }

        _sawSpan = true;
        visitor.Visit(view);
    }

    private void Invalid<TVisitor>(DecodeStatus status, ref TVisitor visitor)
        where TVisitor : ISpanVisitor, allows ref struct
    {
        Note(status);
        visitor.VisitInvalid();
    }

    // message Status { string message = 2; StatusCode code = 3; }   (a repeated one is merged)
    private static bool ReadStatus(ReadOnlySpan<byte> record, Slice within, scoped ref SpanView view)
    {
        var reader = new WireReader(record, within);
        while (reader.TryReadTag(out uint tag))
        {
            bool read = tag switch
            {
                (2 << 3) | WireType.Bytes => reader.TryReadBytes(out view.StatusMessageAt),
                (3 << 3) | WireType.Varint => reader.TryReadVarint(out view.StatusNumber),
                _ => reader.TrySkip(tag),
            };
            if (!read)
            {
                return false;
            }
        }

        return reader.Status == DecodeStatus.Ok;
    }

    private void Note(DecodeStatus status)
    {
        if (_status == DecodeStatus.Ok)
        {
            _status = status;
        }
    }
}
