using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace SpanMetrics.Otlp;

/// <summary>The attribute keys that somebody asks for, each with a slot. Immutable.</summary>
internal sealed class AttributeSelector
{
    public const int NoSlot = -1;

    private readonly byte[][] _keys;
    private readonly short[] _table;
    private readonly int _bits; // of the table's length

    /// <summary>A key's slot is its index in <paramref name="keys"/>.</summary>
    public AttributeSelector(ReadOnlySpan<string> keys, RepeatedKey replaces)
    {
        Replaces = replaces;
        _keys = new byte[keys.Length][];
        _bits = BitOperations.Log2((uint)keys.Length + 4) + 3;
        _table = new short[1 << _bits];
        _table.AsSpan().Fill(NoSlot);
        for (int slot = 0; slot < keys.Length; slot++)
        {
            _keys[slot] = Encoding.UTF8.GetBytes(keys[slot]);
            uint at = HashOf(_keys[slot], _bits);
            while (_table[at & (_table.Length - 1)] != NoSlot)
            {
                at++;
            }

            _table[at & (_table.Length - 1)] = (short)slot;
        }
    }

    public int Count => _keys.Length;

    /// <summary>Which of two values of one key counts.</summary>
    public RepeatedKey Replaces { get; }

    public string NameOf(int slot) => Encoding.UTF8.GetString(_keys[slot]);

    /// <summary><see cref="NoSlot"/> when nobody asks for the key.</summary>
    public int SlotOf(ReadOnlySpan<byte> key)
    {
        for (uint at = HashOf(key, _bits); ; at++)
        {
            int slot = _table[at & (_table.Length - 1)];
            if (slot == NoSlot || key.SequenceEqual(_keys[slot]))
            {
                return slot;
            }
        }
    }

    // Of the length and the end, which tells a key from others better than its start. The table has keys of the configuration alone, so it
    // cannot be flooded, only missed. Those that SelectedAttributes gives a place by this come from the wire: who makes them collide pays with
    // its own spans' speed.
    internal static uint HashOf(ReadOnlySpan<byte> key, int bits)
    {
        if (key.Length >= sizeof(ulong))
        {
            return HashOf(BinaryPrimitives.ReadUInt64LittleEndian(key[^sizeof(ulong)..]), key.Length, bits);
        }

        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        key.CopyTo(padded[(padded.Length - key.Length)..]);
        return HashOf(BinaryPrimitives.ReadUInt64LittleEndian(padded), key.Length, bits);
    }

    // The last letters, in which keys differ most, are the tail's highest bits, and a product carries upwards only.
    private static uint HashOf(ulong tail, int length, int bits) => (uint)(((tail ^ (tail >> 32) ^ (uint)length) * 0x9E3779B97F4A7C15ul) >> (64 - bits));
}
