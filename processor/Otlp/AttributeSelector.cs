using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace SpanMetrics.Otlp;

/// <summary>
/// The attribute keys that somebody asks for, each with a slot. A key that nobody asks for costs one hash of its
/// length and its end, and its value is skipped by length. Immutable after construction.
/// </summary>
internal sealed class AttributeSelector
{
    public const int NoSlot = -1;

    private const uint KeyTag = (1 << 3) | WireType.Bytes;
    private const uint ValueTag = (2 << 3) | WireType.Bytes;

    // By length: all bits of that many bytes.
    private static readonly Vector256<byte>[] Masks = MakeMasks();

    private readonly Key[] _keys;
    private readonly short[] _table;
    private readonly RepeatedKey _replaces;

    /// <summary>A key's slot is its index in <paramref name="keys"/>.</summary>
    public AttributeSelector(ReadOnlySpan<string> keys, RepeatedKey replaces)
    {
        _replaces = replaces;
        _keys = new Key[keys.Length];
        int size = 16;
        while (size < keys.Length * 4)
        {
            size *= 2;
        }

        _table = new short[size];
        _table.AsSpan().Fill(NoSlot);
        for (int slot = 0; slot < keys.Length; slot++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(keys[slot]);
            _keys[slot] = new Key { Bytes = bytes, Start = Start(bytes) };
            uint at = HashOf(bytes);
            while (_table[at & (_table.Length - 1)] != NoSlot)
            {
                at++;
            }

            _table[at & (_table.Length - 1)] = (short)slot;
        }
    }

    public int Count => _keys.Length;

    public string NameOf(int slot) => Encoding.UTF8.GetString(_keys[slot].Bytes);

    // message KeyValue { string key = 1; AnyValue value = 2; }
    /// <summary>Puts the value into its key's slot when somebody asks for the key. False when the message itself is broken.</summary>
    public bool TrySelect(ReadOnlySpan<byte> record, Slice keyValue, SelectedAttributes slots)
    {
        Slice key = default, value = default;
        var reader = new WireReader(record, keyValue);
        while (reader.TryReadTag(out uint tag))
        {
            Slice next = value;
            bool read = tag switch
            {
                KeyTag => reader.TryReadBytes(out key),
                ValueTag => reader.TryReadBytes(out next),
                _ => reader.TrySkip(tag),
            };
            if (!read)
            {
                return false;
            }

            // A repeated message is merged: one that has no arm leaves the arm of the one before.
            if (tag == ValueTag && (value.Length == 0 || AttributeValue.Read(record, next).Kind != AttributeKind.Missing))
            {
                value = next;
            }
        }

        if (reader.Status != DecodeStatus.Ok)
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = key.Of(record);
        for (uint at = HashOf(bytes); ; at++)
        {
            int slot = _table[at & (_table.Length - 1)];
            if (slot == NoSlot || bytes.SequenceEqual(_keys[slot].Bytes))
            {
                Put(record, slot, value, slots);
                return true;
            }
        }
    }

    /// <summary>
    /// The same for the fields from <paramref name="position"/> on, as long as each is an attribute as nearly every writer makes it: tag and
    /// lengths of one byte, the key first, the value second and nothing else. Returns the position after the last of them.
    /// </summary>
    /// <remarks>Alone in its method, so that all it works with stays in registers: most of a span is attributes.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public int SelectRun(ReadOnlySpan<byte> record, int position, int end, uint tag, SelectedAttributes slots)
    {
        const uint fixedBits = 0x80FF_80FF; // tag, high bit of a length, tag, high bit of a length
        uint wanted = tag | (KeyTag << 16);
        short[] table = _table;
        while (end - position > sizeof(uint) && position >= sizeof(uint))
        {
            uint head = BinaryPrimitives.ReadUInt32LittleEndian(record[position..]);
            int keyAt = position + sizeof(uint);
            int keyLength = (int)(head >> 24);
            int valueAt = keyAt + keyLength + 2;
            int next = position + 2 + (int)((head >> 8) & 0x7F);
            if ((head & fixedBits) != wanted || next > end || valueAt > next
                || BinaryPrimitives.ReadUInt16LittleEndian(record[(valueAt - 2)..]) != (ValueTag | (uint)((next - valueAt) << 8)))
            {
                break;
            }

            position = next;
            ulong tail = BinaryPrimitives.ReadUInt64LittleEndian(record[(keyAt + keyLength - sizeof(ulong))..]);
            for (uint at = HashOf(tail, keyLength); ; at++)
            {
                int slot = table[at & (table.Length - 1)];
                if (slot == NoSlot)
                {
                    break;
                }

                if (_keys[slot].Is(record, keyAt, keyLength))
                {
                    Put(record, slot, new Slice(valueAt, next - valueAt), slots);
                    break;
                }
            }
        }

        return position;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(ReadOnlySpan<byte> record, int slot, Slice value, SelectedAttributes slots)
    {
        if (slot != NoSlot && !slots.TryAdd(slot, value))
        {
            Choose(record, slot, value, slots);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Choose(ReadOnlySpan<byte> record, int slot, Slice value, SelectedAttributes slots)
    {
        if (_replaces(slot, AttributeValue.Read(record, slots.ValueOf(slot)), AttributeValue.Read(record, value)))
        {
            slots.Replace(slot, value);
        }
    }

    private static uint HashOf(ReadOnlySpan<byte> key)
    {
        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        ReadOnlySpan<byte> tail = key[Math.Max(0, key.Length - padded.Length)..];
        tail.CopyTo(padded[(padded.Length - tail.Length)..]);
        return HashOf(BinaryPrimitives.ReadUInt64LittleEndian(padded), key.Length);
    }

    // The end of a key tells it from others better than its start. Keys come from configuration, not from the wire: the table cannot
    // be flooded, only missed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint HashOf(ulong tail, int length)
    {
        tail = length >= sizeof(ulong) ? tail : tail >> (8 * (sizeof(ulong) - length)) << (8 * (sizeof(ulong) - length));
        return (uint)(((tail ^ (uint)length) * 0x9E3779B97F4A7C15ul) >> 32);
    }

    private static Vector256<byte> Start(ReadOnlySpan<byte> key)
    {
        Span<byte> padded = stackalloc byte[Vector256<byte>.Count];
        padded.Clear();
        key[..Math.Min(key.Length, padded.Length)].CopyTo(padded);
        return Vector256.Create<byte>(padded);
    }

    private static Vector256<byte>[] MakeMasks()
    {
        var masks = new Vector256<byte>[Vector256<byte>.Count + 1];
        byte[] ones = new byte[Vector256<byte>.Count];
        ones.AsSpan().Fill(0xFF);
        for (int length = 0; length < masks.Length; length++)
        {
            masks[length] = Start(ones.AsSpan(0, length));
        }

        return masks;
    }

    private struct Key
    {
        public required byte[] Bytes { get; init; }

        /// <summary>Padded with zeros.</summary>
        public required Vector256<byte> Start { get; init; }

        // One comparison of a whole vector, whatever the key's length: a call that compares in steps costs as much as all the rest.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly bool Is(ReadOnlySpan<byte> record, int at, int length) =>
            length == Bytes.Length
            && (length <= Vector256<byte>.Count && record.Length - at >= Vector256<byte>.Count
                ? ((Vector256.Create(record.Slice(at, Vector256<byte>.Count)) ^ Start) & Masks[length]) == Vector256<byte>.Zero
                : record.Slice(at, length).SequenceEqual(Bytes));
    }
}
