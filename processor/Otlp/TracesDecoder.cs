using System.Buffers.Binary;

namespace SpanMetrics.Otlp;

/// <summary>
/// Pushes the spans of one OTLP record to a visitor, in wire order, without copying them. A broken part ends what it
/// is in and nothing beside it. Holds scratch for one record at a time: owned by one worker.
/// </summary>
internal sealed class TracesDecoder(AttributeSelector selector)
{
    private const uint Attribute = (9 << 3) | WireType.Bytes;

    private readonly SelectedAttributes _resource = new(selector);
    private readonly SelectedAttributes _span = new(selector);
    private ulong _scopes; // read so far, of all records

    /// <summary>The spans before the first broken byte have been visited, whatever is returned.</summary>
    public DecodeStatus Decode<TVisitor>(ReadOnlySpan<byte> record, ref TVisitor visitor)
        where TVisitor : ISpanVisitor, allows ref struct
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
        where TVisitor : ISpanVisitor, allows ref struct
    {
        var items = new ItemReader(record, _resource, lookAhead) { ScopeNumber = _scopes };
        bool isFull = false;
        while (items.TryReadNext(out Slice span))
        {
            isFull = !visitor.TryMakeRoom(canRestart: !lookAhead);
            if (isFull)
            {
                break;
            }

            DecodeStatus status = DecodeSpan(record, span, items.ScopeName, items.ScopeNumber, ref visitor);
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

    // message Span {
    //   bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5;
    //   SpanKind kind = 6; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
    //   repeated KeyValue attributes = 9; … repeated Event events = 11; repeated Link links = 13; Status status = 15;
    // }
    private DecodeStatus DecodeSpan<TVisitor>(ReadOnlySpan<byte> record, Slice span, Slice scopeName, ulong scopeNumber, ref TVisitor visitor)
        where TVisitor : ISpanVisitor, allows ref struct
    {
        _span.Clear();
        var view = new SpanView(record, _span, _resource, scopeName, scopeNumber);
        view.Bytes = span.Length; // in an initializer it would cost a copy of the view
        var reader = new WireReader(record, span);
        reader.Position = ReadHead(record, span, ref view);
        bool read = true;
        while (read)
        {
            int field = reader.Position;
            if (!reader.TryReadTag(out uint tag))
            {
                break;
            }

            if (tag == Attribute && _span.ReadRun(record, field, span.End, Attribute, KindOf(record, view.NameAt)) is int after && after > field)
            {
                reader.Position = after; // attributes seldom come alone
                continue;
            }

            // By wire type first: one read of each kind in this loop keeps it small enough to be inlined whole.
            switch (tag & 7)
            {
                case WireType.Bytes:
                    read = reader.TryReadBytes(out Slice bytes);
                    switch (tag >> 3)
                    {
                        case 9:
                            read = read && _span.TryRead(record, bytes);
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
                        case 4:
                            view.ParentSpanIdAt = bytes;
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
                    view.StartUnixNano = tag >> 3 == 7 ? time : view.StartUnixNano;
                    view.EndUnixNano = tag >> 3 == 8 ? time : view.EndUnixNano;
                    break;
                case WireType.Varint:
                    read = reader.TryReadVarint(out ulong number);
                    view.KindNumber = tag >> 3 == 6 ? number : view.KindNumber;
                    break;
                default:
                    read = reader.TrySkip(tag);
                    break;
            }
        }

        if (view.StartUnixNano == 0 && SignalGuess.Of(record, span) is Signal.Logs or Signal.Metrics)
        {
            return DecodeStatus.WrongSignal;
        }

        if (!read || reader.Status != DecodeStatus.Ok)
        {
            return reader.Status == DecodeStatus.Ok ? DecodeStatus.Malformed : reader.Status;
        }

        visitor.Visit(view);
        return DecodeStatus.Ok;
    }

    // Spans of one name mostly have the same attributes.
    private static int KindOf(ReadOnlySpan<byte> record, Slice name) => name.Length == 0 ? 0 : name.Length + record[name.End - 1];

    // The first eight fields in the order of their numbers, as nearly every writer has them. Returns the position after the last field
    // that is where it belongs; the loop over fields goes on from there, for it knows them all.
    private static int ReadHead(ReadOnlySpan<byte> record, Slice span, scoped ref SpanView view)
    {
        const int idsBytes = 2 + 16 + 2 + 8, parentBytes = 2 + 8, timesBytes = 2 * (1 + 8);
        ReadOnlySpan<byte> bytes = span.Of(record);
        int at = 0;
        if (bytes.Length < idsBytes + parentBytes || bytes[0] != ((1 << 3) | WireType.Bytes) || bytes[1] != 16 || bytes[18] != ((2 << 3) | WireType.Bytes) || bytes[19] != 8)
        {
            return span.Offset;
        }

        view.TraceIdAt = new Slice(span.Offset + 2, 16);
        view.SpanIdAt = new Slice(span.Offset + 20, 8);
        at = idsBytes;
        if (bytes[at] == ((4 << 3) | WireType.Bytes) && bytes[at + 1] == 8)
        {
            view.ParentSpanIdAt = new Slice(span.Offset + at + 2, 8);
            at += parentBytes;
        }

        if (bytes.Length - at >= 2 && bytes[at] == ((5 << 3) | WireType.Bytes) && bytes[at + 1] < 0x80 && bytes.Length - at - 2 - bytes[at + 1] >= 2 + timesBytes)
        {
            view.NameAt = new Slice(span.Offset + at + 2, bytes[at + 1]);
            at += 2 + bytes[at + 1];
            if (bytes[at] == ((6 << 3) | WireType.Varint) && bytes[at + 1] < 0x80)
            {
                view.KindNumber = bytes[at + 1];
                at += 2;
                if (bytes[at] == ((7 << 3) | WireType.Fixed64) && bytes[at + 9] == ((8 << 3) | WireType.Fixed64))
                {
                    view.StartUnixNano = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(at + 1)..]);
                    view.EndUnixNano = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(at + 10)..]);
                    at += timesBytes;
                }
            }
        }

        return span.Offset + at;
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
}
