using System.Text;

namespace SpanMetrics.Aggregation;

/// <summary>Label values to dense ids, bounded. Not thread-safe: owned by one worker.</summary>
internal sealed class SymbolTable
{
    /// <summary>The table is full: the span still counts, under this value.</summary>
    public const int Overflow = 0;

    private const int Free = -1;

    private readonly int _capacity;
    private byte[][] _texts = new byte[64][];
    private Slot[] _slots = NewSlots(128);
    private int _count;

    /// <param name="capacity">Values kept; each takes its bytes and about 50 more.</param>
    public SymbolTable(int capacity)
    {
        _capacity = capacity;
        Add(Encoding.UTF8.GetBytes(LabelValue.Overflow));
    }

    public byte[] TextOf(int id) => _texts[id];

    /// <summary>The id of the label value that <paramref name="raw"/> becomes.</summary>
    public int Intern(ReadOnlySpan<byte> raw)
    {
        if (raw.Length <= LabelValue.MaxBytes)
        {
            int id = Find(raw, KeyedHash.Of(raw));
            if (id > Overflow)
            {
                return id;
            }
        }

        return InternNew(raw);
    }

    private int InternNew(ReadOnlySpan<byte> raw)
    {
        byte[] text = LabelValue.IsPlain(raw) ? raw.ToArray() : LabelValue.Normalise(raw);
        int id = Find(text, KeyedHash.Of(text));
        return id != Free ? id : _count >= _capacity ? Overflow : Add(text);
    }

    private int Find(ReadOnlySpan<byte> text, ulong hash)
    {
        Slot[] slots = _slots;
        int mask = slots.Length - 1;
        for (int at = (int)hash & mask; ; at = (at + 1) & mask)
        {
            ref Slot slot = ref slots[at];
            if (slot.Id == Free || (slot.Hash == (uint)(hash >> 32) && text.SequenceEqual(_texts[slot.Id])))
            {
                return slot.Id;
            }
        }
    }

    private int Add(byte[] text)
    {
        int id = _count++;
        if (id == _texts.Length)
        {
            Array.Resize(ref _texts, _texts.Length * 2);
        }

        _texts[id] = text;
        if (_count * 2 > _slots.Length)
        {
            _slots = NewSlots(_slots.Length * 2);
            for (int known = 0; known < id; known++)
            {
                Place(known);
            }
        }

        Place(id);
        return id;
    }

    private void Place(int id)
    {
        ulong hash = KeyedHash.Of(_texts[id]);
        int mask = _slots.Length - 1;
        int at = (int)hash & mask;
        while (_slots[at].Id != Free)
        {
            at = (at + 1) & mask;
        }

        _slots[at] = new Slot { Hash = (uint)(hash >> 32), Id = id };
    }

    private static Slot[] NewSlots(int length)
    {
        var slots = new Slot[length];
        slots.AsSpan().Fill(new Slot { Id = Free });
        return slots;
    }

    // Half of the hash, so that a probe reads a text only where it is all but surely the right one.
    private struct Slot
    {
        public uint Hash;
        public int Id;
    }
}
