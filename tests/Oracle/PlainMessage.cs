namespace SpanMetrics.Oracle;

/// <summary>
/// The fields of one message up to its first broken byte, split by the protobuf encoding guide: simple, recursive, and sharing
/// nothing with the decoder that it is compared with.
/// </summary>
internal sealed class PlainMessage
{
    /// <summary>Groups within groups; Google's parsers stop there too.</summary>
    public const int GroupDepthLimit = 100;

    private readonly byte[] _record;
    private readonly int _end;
    private int _at;

    public PlainMessage(byte[] record, int start, int end)
    {
        (_record, _at, _end) = (record, start, end);
        while (_at < _end && ReadField(0) is PlainField field)
        {
            Fields.Add(field);
        }
    }

    public PlainMessage(byte[] record, PlainField field)
        : this(record, field.Start, field.End)
    {
    }

    public List<PlainField> Fields { get; } = [];

    public WireFault Fault { get; private set; }

    /// <summary>The deepest group.</summary>
    public int GroupDepth { get; private set; }

    /// <summary>Null for a field that cannot be shown at all.</summary>
    private PlainField? ReadField(int depth)
    {
        int tagStart = _at;
        if (ReadVarint() is not ulong tag)
        {
            return null;
        }

        if (tag is > uint.MaxValue or < 8)
        {
            return Failed(tag < 8 ? WireFault.Malformed : WireFault.TooWide);
        }

        (int number, uint type, int tagEnd, int start) = ((int)(tag >> 3), (uint)tag & 7, _at, _at);
        ulong size;
        switch (type)
        {
            case 0:
                return ReadVarint() is null ? null : new PlainField(number, type, tagStart, tagEnd, start, _at, true);
            case 1:
                size = 8;
                break;
            case 2:
                if (ReadVarint() is not ulong length)
                {
                    return null;
                }

                (size, start) = (length, _at);
                break;
            case 3:
                return ReadGroup(number, depth + 1) ? new PlainField(number, type, tagStart, tagEnd, start, _at, true) : null;
            case 5:
                size = 4;
                break;
            default:
                return Failed(WireFault.Malformed);
        }

        bool isWhole = size <= (ulong)(_end - _at);
        if (!isWhole)
        {
            Failed(size > (ulong)(int.MaxValue - _record.Length) ? WireFault.TooWide : WireFault.Truncated);
        }

        _at = isWhole ? _at + (int)size : _end;
        return new PlainField(number, type, tagStart, tagEnd, start, _at, isWhole);
    }

    private bool ReadGroup(int number, int depth)
    {
        GroupDepth = Math.Max(GroupDepth, depth);
        if (depth > GroupDepthLimit)
        {
            Failed(WireFault.Malformed);
            return false;
        }

        while (_at < _end)
        {
            int before = _at;
            if (ReadVarint() is not ulong tag)
            {
                return false;
            }

            if ((tag & 7) == 4 && tag is >= 8 and <= uint.MaxValue)
            {
                if ((int)(tag >> 3) != number)
                {
                    Failed(WireFault.Malformed);
                    return false;
                }

                return true;
            }

            _at = before;
            if (ReadField(depth) is not { IsWhole: true })
            {
                return false;
            }
        }

        Failed(WireFault.Truncated);
        return false;
    }

    private ulong? ReadVarint()
    {
        ulong value = 0;
        for (int i = 0; i < 10; i++)
        {
            if (_at == _end)
            {
                Failed(WireFault.Truncated);
                return null;
            }

            byte next = _record[_at++];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                if (i < 9 || next <= 1)
                {
                    return value;
                }

                Failed(WireFault.TooWide);
                return null;
            }
        }

        Failed(WireFault.Malformed);
        return null;
    }

    private PlainField? Failed(WireFault fault)
    {
        Fault = fault;
        _at = _end;
        return null;
    }
}
