using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace SpanMetrics.Otlp;

/// <summary>
/// Reads protobuf wire format inside one stretch of a record, with bounds checks and without recursion.
/// A failed read leaves its cause in <see cref="Status"/>; the reader is of no further use then.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> record, Slice within)
{
    /// <summary>Google's parsers give up at the same depth.</summary>
    private const int GroupDepthLimit = 100;

    /// <summary>2^29 - 1, the largest field number there is.</summary>
    private const ulong TagLimit = ((1ul << 29) << 3) - 1;

    private readonly ReadOnlySpan<byte> _record = record[..within.End];
    private int _position = within.Offset;

    public DecodeStatus Status { get; private set; }

    public readonly bool AtEnd => _position >= _record.Length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadVarint(out ulong value)
    {
        if ((uint)_position < (uint)_record.Length && _record[_position] < 0x80)
        {
            value = _record[_position++]; // tags, enums and lengths under 128: the common case in OTLP
            return true;
        }

        return TryReadLongVarint(out value);
    }

    /// <summary>False for the end of the stretch too: then <see cref="Status"/> is <see cref="DecodeStatus.Ok"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadTag(out uint tag)
    {
        if (AtEnd || !TryReadVarint(out ulong value))
        {
            tag = 0;
            return false;
        }

        tag = (uint)value;
        return (value <= TagLimit && value >= 8) || Fail(DecodeStatus.Malformed);
    }

    public bool TryReadFixed64(out ulong value)
    {
        if (_record.Length - _position < sizeof(ulong))
        {
            value = 0;
            return Fail(DecodeStatus.Truncated);
        }

        value = BinaryPrimitives.ReadUInt64LittleEndian(_record[_position..]);
        _position += sizeof(ulong);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadBytes(out Slice bytes)
    {
        if (!TryReadVarint(out ulong length))
        {
            bytes = default;
            return false;
        }

        if (length > (ulong)(_record.Length - _position))
        {
            bytes = default;
            return Fail(DecodeStatus.Truncated);
        }

        bytes = new Slice(_position, (int)length);
        _position += (int)length;
        return true;
    }

    /// <summary>
    /// A container whose end is missing still holds whole messages at its start: gives what is there and notes
    /// <see cref="DecodeStatus.Truncated"/>. False only when there is no length at all.
    /// </summary>
    public bool TryReadBytesOrRest(out Slice bytes)
    {
        int rest = _record.Length;
        if (!TryReadVarint(out ulong length))
        {
            bytes = default;
            return false;
        }

        if (length > (ulong)(rest - _position))
        {
            Status = DecodeStatus.Truncated;
            length = (ulong)(rest - _position);
        }

        bytes = new Slice(_position, (int)length);
        _position += (int)length;
        return true;
    }

    /// <summary>Passes over the value of <paramref name="tag"/>; groups iteratively, since their depth is the sender's choice.</summary>
    public bool TrySkip(uint tag)
    {
        switch (tag & 7)
        {
            case WireType.Varint:
                return TryReadVarint(out _);
            case WireType.Fixed64:
                return TryAdvance(sizeof(ulong));
            case WireType.Bytes:
                return TryReadBytes(out _);
            case WireType.Fixed32:
                return TryAdvance(sizeof(uint));
            case WireType.StartGroup:
                return TrySkipGroup(tag);
            default:
                return Fail(DecodeStatus.Malformed);
        }
    }

    private bool TrySkipGroup(uint tag)
    {
        Span<uint> open = stackalloc uint[GroupDepthLimit];
        int depth = 0;
        open[depth++] = tag >> 3;
        while (depth > 0)
        {
            if (!TryReadTag(out uint inner))
            {
                return Fail(DecodeStatus.Truncated);
            }

            switch (inner & 7)
            {
                case WireType.StartGroup when depth == GroupDepthLimit:
                    return Fail(DecodeStatus.Malformed);
                case WireType.StartGroup:
                    open[depth++] = inner >> 3;
                    break;
                case WireType.EndGroup when open[depth - 1] != inner >> 3:
                    return Fail(DecodeStatus.Malformed);
                case WireType.EndGroup:
                    depth--;
                    break;
                default:
                    if (!TrySkip(inner))
                    {
                        return false;
                    }

                    break;
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReadLongVarint(out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if ((uint)_position >= (uint)_record.Length)
            {
                return Fail(DecodeStatus.Truncated);
            }

            byte next = _record[_position++];
            if (shift == 63 && next > 1)
            {
                return Fail(DecodeStatus.Malformed); // more than 64 bits
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return Fail(DecodeStatus.Malformed);
    }

    private bool TryAdvance(int count)
    {
        if (_record.Length - _position < count)
        {
            return Fail(DecodeStatus.Truncated);
        }

        _position += count;
        return true;
    }

    private bool Fail(DecodeStatus status)
    {
        if (Status == DecodeStatus.Ok)
        {
            Status = status;
        }

        return false;
    }
}
