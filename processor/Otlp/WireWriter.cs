using System.Buffers.Binary;
using System.Text;

namespace SpanMetrics.Otlp;

/// <summary>Protobuf wire format onto one growing buffer, reused after <see cref="Clear"/>. Not thread-safe.</summary>
internal sealed class WireWriter(int capacity = 4096)
{
    private const int MaxVarintBytes = 10;

    private byte[] _buffer = new byte[capacity];
    private int _length;

    public int Length => _length;

    /// <summary>Valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>Valid until the next write.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _length);

    public void Clear() => _length = 0;

    /// <summary>Takes back what was written after <paramref name="length"/>.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _length);
        _length = length;
    }

    /// <summary>Takes away what was written first; the rest moves down.</summary>
    public void DropFirst(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _length);
        _buffer.AsSpan(count, _length - count).CopyTo(_buffer);
        _length -= count;
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    public void Varint(ulong value)
    {
        Span<byte> room = Room(MaxVarintBytes);
        int n = 0;
        while (value >= 0x80)
        {
            room[n++] = (byte)(value | 0x80);
            value >>= 7;
        }
        room[n++] = (byte)value;
        _length += n;
    }

    public void VarintField(int field, ulong value)
    {
        Tag(field, WireType.Varint);
        Varint(value);
    }

    public void Fixed64Field(int field, ulong value)
    {
        Tag(field, WireType.Fixed64);
        Fixed64(value);
    }

    public void Fixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Room(sizeof(ulong)), value);
        _length += sizeof(ulong);
    }

    public void Fixed32Field(int field, uint value)
    {
        Tag(field, WireType.Fixed32);
        BinaryPrimitives.WriteUInt32LittleEndian(Room(sizeof(uint)), value);
        _length += sizeof(uint);
    }

    public void DoubleField(int field, double value) => Fixed64Field(field, BitConverter.DoubleToUInt64Bits(value));

    public void BytesField(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)value.Length);
        Raw(value);
    }

    /// <summary>The bytes are taken as they are: the caller knows that they are UTF-8.</summary>
    public void StringField(int field, ReadOnlySpan<byte> utf8) => BytesField(field, utf8);

    /// <summary>A lone surrogate becomes U+FFFD.</summary>
    public void StringField(int field, string value)
    {
        int size = Encoding.UTF8.GetByteCount(value);
        Tag(field, WireType.Bytes);
        Varint((ulong)size);
        Encoding.UTF8.GetBytes(value, Room(size));
        _length += size;
    }

    /// <summary>Opens a length-delimited field; what is written up to <see cref="End"/> is its body.</summary>
    public int Begin(int field)
    {
        Tag(field, WireType.Bytes);
        int mark = _length;
        Room(1);
        _length++;   // bodies under 128 bytes need no more than this for their length
        return mark;
    }

    /// <summary>Closes the field that <see cref="Begin"/> opened. A body of 128 bytes or more moves up by the length's further bytes.</summary>
    public void End(int mark)
    {
        int size = _length - mark - 1;
        ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(mark));
        if (size < 0x80)
        {
            _buffer[mark] = (byte)size;
            return;
        }
        int more = VarintSize((ulong)size) - 1;
        Room(more);
        _buffer.AsSpan(mark + 1, size).CopyTo(_buffer.AsSpan(mark + 1 + more));
        _length += more;
        int at = mark;
        uint rest = (uint)size;
        while (rest >= 0x80)
        {
            _buffer[at++] = (byte)(rest | 0x80);
            rest >>= 7;
        }
        _buffer[at] = (byte)rest;
    }

    private void Tag(int field, uint type) => Varint(((ulong)field << 3) | type);

    private static int VarintSize(ulong value)
    {
        int size = 1;
        while (value >= 0x80)
        {
            size++;
            value >>= 7;
        }
        return size;
    }

    private Span<byte> Room(int size)
    {
        if (_buffer.Length - _length < size)
        {
            Grow(size);
        }
        return _buffer.AsSpan(_length);
    }

    private void Grow(int size)
    {
        long needed = (long)_length + size;
        if (needed > Array.MaxLength)
        {
            throw new InvalidOperationException($"a message of {needed} bytes is larger than an array");
        }
        Array.Resize(ref _buffer, (int)Math.Min(Math.Max(needed, 2L * _buffer.Length), Array.MaxLength));
    }
}
