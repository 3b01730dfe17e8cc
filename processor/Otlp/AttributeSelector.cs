using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace SpanMetrics.Otlp;

/// <summary>
/// The attribute keys that somebody asks for, each with a slot. A key that nobody asks for costs one hash of its
/// length and both ends, and its value is skipped by length. Immutable after construction.
/// </summary>
internal sealed class AttributeSelector
{
    public const int NoSlot = -1;

    private readonly byte[][] _keys;
    private readonly short[] _table;
    private readonly uint _mask;
    private readonly RepeatedKey _replaces;

    /// <summary>A key's slot is its index in <paramref name="keys"/>.</summary>
    public AttributeSelector(ReadOnlySpan<string> keys, RepeatedKey replaces)
    {
        _replaces = replaces;
        _keys = new byte[keys.Length][];
        int size = 16;
        while (size < keys.Length * 4)
        {
            size *= 2;
        }

        _mask = (uint)size - 1;
        _table = new short[size];
        _table.AsSpan().Fill(NoSlot);
        for (int slot = 0; slot < keys.Length; slot++)
        {
            _keys[slot] = Encoding.UTF8.GetBytes(keys[slot]);
            uint at = Hash(_keys[slot]) & _mask;
            while (_table[at] != NoSlot)
            {
                at = (at + 1) & _mask;
            }

            _table[at] = (short)slot;
        }
    }

    public int Count => _keys.Length;

    public string NameOf(int slot) => Encoding.UTF8.GetString(_keys[slot]);

    public int SlotOf(ReadOnlySpan<byte> key)
    {
        for (uint at = Hash(key) & _mask; ; at = (at + 1) & _mask)
        {
            int slot = _table[at];
            if (slot == NoSlot || key.SequenceEqual(_keys[slot]))
            {
                return slot;
            }
        }
    }

    // message KeyValue { string key = 1; AnyValue value = 2; }
    /// <summary>Puts the value into its key's slot when somebody asks for the key. False when the message itself is broken.</summary>
    public bool TrySelect(ReadOnlySpan<byte> record, Slice keyValue, Slice[] slots)
    {
        // Key first, value second, lengths under 128 and nothing else: nearly every attribute there is.
        ReadOnlySpan<byte> bytes = keyValue.Of(record);
        if (bytes.Length >= 2 && bytes[0] == ((1 << 3) | WireType.Bytes) && bytes[1] < 0x80 && bytes[1] + 4 <= bytes.Length)
        {
            int valueAt = bytes[1] + 4;
            if (bytes[valueAt - 2] == ((2 << 3) | WireType.Bytes) && bytes[valueAt - 1] < 0x80 && bytes[valueAt - 1] == bytes.Length - valueAt)
            {
                int wanted = SlotOf(bytes[2..(valueAt - 2)]);
                if (wanted != NoSlot)
                {
                    Put(record, new Slice(keyValue.Offset + valueAt, bytes.Length - valueAt), wanted, slots);
                }

                return true;
            }
        }

        return TrySelectAny(record, keyValue, slots);
    }

    private bool TrySelectAny(ReadOnlySpan<byte> record, Slice keyValue, Slice[] slots)
    {
        Slice key = default, value = default;
        var reader = new WireReader(record, keyValue);
        while (reader.TryReadTag(out uint tag))
        {
            Slice next = value;
            bool read = tag switch
            {
                (1 << 3) | WireType.Bytes => reader.TryReadBytes(out key),
                (2 << 3) | WireType.Bytes => reader.TryReadBytes(out next),
                _ => reader.TrySkip(tag),
            };
            if (!read)
            {
                return false;
            }

            // A repeated message is merged: one that has no arm leaves the arm of the one before.
            if (value.Length == 0 || AttributeValue.Read(record, next).Kind != AttributeKind.Missing)
            {
                value = next;
            }
        }

        if (reader.Status != DecodeStatus.Ok)
        {
            return false;
        }

        int slot = SlotOf(key.Of(record));
        if (slot != NoSlot)
        {
            Put(record, value, slot, slots);
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(ReadOnlySpan<byte> record, Slice value, int slot, Slice[] slots)
    {
        if (slots[slot].Length == 0 || _replaces(slot, AttributeValue.Read(record, slots[slot]), AttributeValue.Read(record, value)))
        {
            slots[slot] = value;
        }
    }

    // Keys come from configuration, not from the wire: the table cannot be flooded, only missed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(ReadOnlySpan<byte> key)
    {
        if (key.Length >= sizeof(ulong))
        {
            ulong head = MemoryMarshal.Read<ulong>(key);
            ulong tail = MemoryMarshal.Read<ulong>(key[^sizeof(ulong)..]);
            return (uint)(((head ^ (tail * 0x9E3779B97F4A7C15ul) ^ (uint)key.Length) * 0xD6E8FEB86659FD93ul) >> 32);
        }

        uint hash = (uint)key.Length;
        foreach (byte b in key)
        {
            hash = (hash * 31) + b;
        }

        return hash * 0x9E3779B1u;
    }
}
