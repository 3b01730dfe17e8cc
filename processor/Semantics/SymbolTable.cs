using System.Buffers.Binary;
using System.Text;

namespace SpanMetrics.Semantics;

/// <summary>
/// Label values to numbers, bounded. Not thread-safe: owned by one worker or by the page. Symbols that another thread was handed
/// can be read from there: a text never moves and never changes.
/// </summary>
internal sealed class SymbolTable
{
    /// <summary>The table is full: the span still counts, under this value.</summary>
    public const int Overflow = 0;

    private const int Free = -1;

    // A symbol is the place of its text: page and offset, where two bytes with the text's length stand before the text.
    private const int PageBits = 16;
    private const int PageBytes = 1 << PageBits;

    // Set in the length: these are bytes as spans carry them, not fit for a label, and the symbol that they become follows them.
    private const int IsAlias = 0x8000;

    // For aliases, which are there for speed: without one a value is normalised each time.
    private const int AliasBytes = 4 << 20;

    private readonly int _capacity;
    private byte[][] _pages = [new byte[PageBytes]];
    private int _used; // of the last page
    private int _aliasBytes;
    private Slot[] _slots = NewSlots(128);
    private int _placed;

    /// <param name="capacity">Values kept; each takes its bytes and about 20 more. Some of them are for services alone.</param>
    public SymbolTable(int capacity)
    {
        _capacity = capacity;
        Add(LabelValue.Overflow, KeyedHash.Of(LabelValue.Overflow));
    }

    /// <summary>Values held.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<byte> TextOf(int symbol)
    {
        ReadOnlySpan<byte> place = PlaceOf(symbol, out int header);
        return place[..(header & ~IsAlias)];
    }

    /// <summary>The symbol of the label value that <paramref name="raw"/> becomes.</summary>
    /// <param name="raw">As the span carries it.</param>
    /// <param name="isService">Other values leave a tenth of the room to services: who was denied must be told.</param>
    public int Intern(ReadOnlySpan<byte> raw, bool isService = false) =>
        InternWithin(raw, hasRoom: Count < (isService ? _capacity : _capacity - (_capacity / 10)));

    /// <summary>The same for a value that is not to be kept where it is not already: <see cref="Overflow"/> then.</summary>
    public int InternKnown(ReadOnlySpan<byte> raw) => InternWithin(raw, hasRoom: false);

    private int InternWithin(ReadOnlySpan<byte> raw, bool hasRoom)
    {
        raw = raw[..Math.Min(raw.Length, LabelValue.MaxRawBytes)];
        ulong hash = KeyedHash.Of(raw);
        int found = Find(raw, hash);
        // Nobody but us may say overflow: what a span spells so becomes another value.
        return found > Overflow ? AliasOf(found) : InternNew(raw, hash, hasRoom);
    }

    /// <summary>The symbol of a text of ours, out of rules and defaults.</summary>
    public int InternOwn(string text) => Intern(Encoding.UTF8.GetBytes(text), isService: true);

    /// <summary>Whether what became this value may be kept to be known again: not what found no room, and no secret.</summary>
    public bool MayRemember(int symbol) => symbol != Overflow && !TextOf(symbol).SequenceEqual(LabelValue.Redacted);

    private int InternNew(ReadOnlySpan<byte> raw, ulong rawHash, bool hasRoom)
    {
        if (LabelValue.IsPlain(raw))
        {
            return hasRoom ? Add(raw, rawHash) : Overflow;
        }

        Span<byte> text = stackalloc byte[LabelValue.MaxBytes];
        text = text[..LabelValue.Normalise(raw, text)];
        ulong hash = KeyedHash.Of(text);
        int symbol = Find(text, hash);
        symbol = symbol != Free ? AliasOf(symbol) : hasRoom ? Add(text, hash) : Overflow;
        // No alias for what was held back: a secret is not kept in memory either.
        if (symbol != Overflow && !text.SequenceEqual(LabelValue.Redacted) && _aliasBytes + raw.Length <= AliasBytes && !raw.SequenceEqual(text))
        {
            AddAlias(raw, rawHash, symbol);
        }

        return symbol;
    }

    private int AliasOf(int symbol)
    {
        ReadOnlySpan<byte> place = PlaceOf(symbol, out int header);
        return (header & IsAlias) == 0 ? symbol : BinaryPrimitives.ReadInt32LittleEndian(place[(header & ~IsAlias)..]);
    }

    private ReadOnlySpan<byte> PlaceOf(int symbol, out int header)
    {
        ReadOnlySpan<byte> place = _pages[symbol >>> PageBits].AsSpan(symbol & (PageBytes - 1));
        header = BinaryPrimitives.ReadUInt16LittleEndian(place);
        return place[sizeof(ushort)..];
    }

    private int Find(ReadOnlySpan<byte> text, ulong hash)
    {
        Slot[] slots = _slots;
        int mask = slots.Length - 1;
        for (int at = (int)hash & mask; ; at = (at + 1) & mask)
        {
            ref Slot slot = ref slots[at];
            if (slot.Symbol == Free || (slot.Hash == (uint)(hash >> 32) && TextOf(slot.Symbol).SequenceEqual(text)))
            {
                return slot.Symbol;
            }
        }
    }

    private int Add(ReadOnlySpan<byte> text, ulong hash)
    {
        int symbol = Reserve(text, 0, 0, out _);
        Place(symbol, hash);
        Count++;
        return symbol;
    }

    private void AddAlias(ReadOnlySpan<byte> raw, ulong hash, int symbol)
    {
        int alias = Reserve(raw, IsAlias, sizeof(int), out Span<byte> more);
        BinaryPrimitives.WriteInt32LittleEndian(more, symbol);
        Place(alias, hash);
        _aliasBytes += raw.Length;
    }

    private int Reserve(ReadOnlySpan<byte> text, int flag, int extra, out Span<byte> more)
    {
        int bytes = sizeof(ushort) + text.Length + extra;
        if (_used + bytes > PageBytes)
        {
            _pages = [.. _pages, new byte[PageBytes]];
            _used = 0;
        }

        int symbol = ((_pages.Length - 1) << PageBits) | _used;
        Span<byte> place = _pages[^1].AsSpan(_used, bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(place, (ushort)(text.Length | flag));
        text.CopyTo(place[sizeof(ushort)..]);
        more = place[(sizeof(ushort) + text.Length)..];
        _used += bytes;
        return symbol;
    }

    private void Place(int symbol, ulong hash)
    {
        if (++_placed * 2 > _slots.Length)
        {
            Slot[] old = _slots;
            _slots = NewSlots(old.Length * 2);
            foreach (Slot slot in old)
            {
                if (slot.Symbol != Free)
                {
                    Put(slot.Symbol, KeyedHash.Of(TextOf(slot.Symbol)));
                }
            }
        }

        Put(symbol, hash);
    }

    private void Put(int symbol, ulong hash)
    {
        int mask = _slots.Length - 1;
        int at = (int)hash & mask;
        while (_slots[at].Symbol != Free)
        {
            at = (at + 1) & mask;
        }

        _slots[at] = new Slot { Hash = (uint)(hash >> 32), Symbol = symbol };
    }

    private static Slot[] NewSlots(int length)
    {
        var slots = new Slot[length];
        slots.AsSpan().Fill(new Slot { Symbol = Free });
        return slots;
    }

    // Half of the hash, so that a probe reads a text only where it is all but surely the right one.
    private struct Slot
    {
        public uint Hash;
        public int Symbol;
    }
}
