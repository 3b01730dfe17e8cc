using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace SpanMetrics.Otlp;

/// <summary>
/// Reads protobuf wire format inside one stretch of a record, with bounds checks and without recursion.
/// A failed read leaves its cause in <see cref="Status"/>; the reader is of no further use then.
/// Every instance method is inlined and long ways are static: the JIT keeps a reader in registers only as long as nothing takes its
/// address, and a position that lives in memory costs more than all the checks.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> record, Slice within)
{
    /// <summary>Google's parsers give up at the same depth.</summary>
    private const int GroupDepthLimit = 100;

    /// <summary>2^29 - 1, the largest field number there is.</summary>
    private const ulong TagLimit = ((1ul << 29) << 3) - 1;

    // In place of a position.
    private const int IsTruncated = -1;
    private const int IsMalformed = -2;

    private readonly ReadOnlySpan<byte> _record = record[..within.End];
    private int _position = within.Offset;

    public DecodeStatus Status { get; private set; }

    public readonly bool AtEnd => _position >= _record.Length;

    /// <summary>In bytes from the record's start. May be moved over what somebody else has read.</summary>
    public int Position
    {
        readonly get => _position;
        set => _position = value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadVarint(out ulong value)
    {
        int at = _position;
        if ((uint)at < (uint)_record.Length && _record[at] < 0x80)
        {
            value = _record[at]; // tags, enums and lengths under 128: the common case in OTLP
            _position = at + 1;
            return true;
        }

        int next = LongVarint(_record, at, out ulong read);
        value = read;
        return TryMoveTo(next);
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

    /// <summary>Passes over fields up to the next of that tag, whose value is then to be read. False too when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TrySeek(uint wanted)
    {
        while (TryReadTag(out uint tag))
        {
            if (tag == wanted)
            {
                return true;
            }

            if (!TrySkip(tag))
            {
                return false;
            }
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadBytesOrRest(out Slice bytes)
    {
        if (!TryReadVarint(out ulong length))
        {
            bytes = default;
            return false;
        }

        int rest = _record.Length - _position;
        if (length > (ulong)rest)
        {
            Status = DecodeStatus.Truncated;
            length = (ulong)rest;
        }

        bytes = new Slice(_position, (int)length);
        _position += (int)length;
        return true;
    }

    /// <summary>Passes over the value of <paramref name="tag"/>; groups iteratively, since their depth is the sender's choice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TrySkip(uint tag) => TryMoveTo(Skip(_record, _position, tag));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryMoveTo(int next)
    {
        if (next >= 0)
        {
            _position = next;
            return true;
        }

        return Fail(next == IsTruncated ? DecodeStatus.Truncated : DecodeStatus.Malformed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Fail(DecodeStatus status)
    {
        if (Status == DecodeStatus.Ok)
        {
            Status = status;
        }

        return false;
    }

    // Each of the following returns the position after what it read.

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int LongVarint(ReadOnlySpan<byte> record, int at, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if ((uint)at >= (uint)record.Length)
            {
                return IsTruncated;
            }

            byte next = record[at++];
            if (shift == 63 && next > 1)
            {
                return IsMalformed; // more than 64 bits
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return at;
            }
        }

        return IsMalformed;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Skip(ReadOnlySpan<byte> record, int at, uint tag)
    {
        switch (tag & 7)
        {
            case WireType.Varint:
                return LongVarint(record, at, out _);
            case WireType.Fixed64:
                return Advance(record, at, sizeof(ulong));
            case WireType.Bytes:
                at = LongVarint(record, at, out ulong length);
                return at < 0 ? at : Advance(record, at, length);
            case WireType.Fixed32:
                return Advance(record, at, sizeof(uint));
            case WireType.StartGroup:
                return SkipGroup(record, at, tag);
            default:
                return IsMalformed;
        }
    }

    private static int SkipGroup(ReadOnlySpan<byte> record, int at, uint tag)
    {
        Span<uint> open = stackalloc uint[GroupDepthLimit];
        int depth = 0;
        open[depth++] = tag >> 3;
        while (depth > 0)
        {
            at = LongVarint(record, at, out ulong inner);
            if (at < 0 || inner is < 8 or > TagLimit)
            {
                return at < 0 ? at : IsMalformed;
            }

            uint field = (uint)inner >> 3;
            switch ((uint)inner & 7)
            {
                case WireType.StartGroup when depth == GroupDepthLimit:
                    return IsMalformed;
                case WireType.StartGroup:
                    open[depth++] = field;
                    break;
                case WireType.EndGroup when open[depth - 1] != field:
                    return IsMalformed;
                case WireType.EndGroup:
                    depth--;
                    break;
                default:
                    at = Skip(record, at, (uint)inner);
                    if (at < 0)
                    {
                        return at;
                    }

                    break;
            }
        }

        return at;
    }

    private static int Advance(ReadOnlySpan<byte> record, int at, ulong count) =>
        count > (ulong)(record.Length - at) ? IsTruncated : at + (int)count;
}
