using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>
/// The label sets of one view, bounded and numbered in the order of their appearance. A key is the word of the closed dimensions, then
/// a symbol for each dimension that takes text, the configuration's own last; zeros fill its last vector. Not thread-safe: owned by one worker or by
/// the page; the keys of label sets that another thread was handed can be read from there, for they never change.
/// </summary>
internal sealed class LabelSets
{
    private const int IndexBits = 25;
    private const uint IndexMask = (1 << IndexBits) - 1;

    private readonly int _limit;
    private readonly KeyPart[] _parts;
    private readonly int _words; // of a key, those that mean something
    private readonly int _ownFrom; // the first of the configuration's own dimensions
    private readonly int[] _ownAt;
    private readonly Vector256<int>[] _overflowKey;
    private readonly int _serviceAt = -1;
    private readonly int _sourceAt = -1;
    private Vector256<int>[] _keys;
    private uint[] _slots = new uint[64]; // seven bits of the hash, then the index plus one; 0 is free

    /// <param name="view">Whose label sets.</param>
    /// <param name="limit">Label sets before overflow; twice as many and a few at most with those of overflow.</param>
    public LabelSets(View view, int limit)
    {
        int closed = 0;
        var text = new List<Dimension>();
        foreach (Dimension dimension in view.Dimensions)
        {
            closed |= ClosedValues.MaskOf(dimension);
            if (DimensionText.IsText(dimension))
            {
                text.Add(dimension);
                _serviceAt = dimension == Dimension.ServiceName ? text.Count : _serviceAt;
                _sourceAt = dimension == Dimension.Source ? text.Count : _sourceAt;
            }
        }

        _ownFrom = 1 + text.Count;
        _ownAt = view.Own;
        _limit = limit;
        _words = _ownFrom + _ownAt.Length;
        _parts = KeyPart.Of(_words, closed, text);
        _overflowKey = new Vector256<int>[KeyLength];
        _keys = new Vector256<int>[16 * KeyLength];
    }

    public int Count { get; private set; }

    /// <summary>In vectors.</summary>
    public int KeyLength => _parts.Length;

    /// <summary>The label sets that stand for others, beyond a limit of label sets or of label values.</summary>
    public List<int> Overflows { get; } = [];

    /// <summary>The key's words.</summary>
    public ReadOnlySpan<int> KeyOf(int index) => MemoryMarshal.Cast<Vector256<int>, int>(VectorsOf(index))[.._words];

    public bool IsDenied(int index) =>
        ClosedValues.ValueOf(KeyOf(index)[0], Dimension.Outcome) == (int)Outcome.Deny || ClosedValues.ValueOf(KeyOf(index)[0], Dimension.Deny) > 0;

    /// <summary>Whether a key is to be completed by <see cref="WriteOwn"/>.</summary>
    public bool HasOwn => _ownAt.Length > 0;

    /// <summary>The view's part of a span's values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteKey(in ClassifiedSpan span, Span<Vector256<int>> key)
    {
        KeyPart.Load(span, out Vector256<int> low, out Vector256<int> high);
        KeyPart[] parts = _parts;
        for (int i = 0; i < parts.Length; i++)
        {
            key[i] = parts[i].From(low, high);
        }
    }

    /// <summary>And of its values of the dimensions that the configuration adds.</summary>
    public void WriteOwn(ReadOnlySpan<int> own, Span<Vector256<int>> key)
    {
        Span<int> words = MemoryMarshal.Cast<Vector256<int>, int>(key)[_ownFrom..];
        for (int i = 0; i < _ownAt.Length; i++)
        {
            words[i] = own[_ownAt[i]];
        }
    }

    /// <summary>The label set that a hash most likely means, or less than 0: to be compared, and found by <see cref="FindOrAdd"/> where it differs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Guess(ulong hash) => (int)(_slots[(int)hash & (_slots.Length - 1)] & IndexMask) - 1;

    /// <summary>Whether a label set has this key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Has(int index, ReadOnlySpan<Vector256<int>> key)
    {
        ReadOnlySpan<Vector256<int>> known = VectorsOf(index);
        for (int i = 0; i < known.Length; i++)
        {
            if (known[i] != key[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// The index of the label set with this key. At the limit, the index of the label set that keeps what governs (outcome, deny,
    /// tier, reason, service) and has <c>__overflow__</c> elsewhere.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public int FindOrAdd(ReadOnlySpan<Vector256<int>> key, ulong hash)
    {
        int index = Find(key, hash, out int slot);
        return index >= 0 ? index : Count < _limit ? Add(key, hash, slot) : FindOrAddOverflow(key);
    }

    private int FindOrAddOverflow(ReadOnlySpan<Vector256<int>> key)
    {
        ReadOnlySpan<int> from = MemoryMarshal.Cast<Vector256<int>, int>(key);
        Span<int> kept = MemoryMarshal.Cast<Vector256<int>, int>(_overflowKey.AsSpan());
        kept.Clear(); // SymbolTable.Overflow is 0
        kept[0] = from[0];
        if (_serviceAt >= 0)
        {
            kept[_serviceAt] = from[_serviceAt];
        }

        if (_sourceAt >= 0)
        {
            kept[_sourceAt] = from[_sourceAt]; // out of rules, not of spans
        }

        ulong hash = KeyedHash.Of(_overflowKey);
        int index = Find(_overflowKey, hash, out int slot);
        if (index < 0 && Count >= _limit * 2 && _serviceAt >= 0)
        {
            // The service too is the sender's choice: new ones are kept for as many again, then they go.
            kept[_serviceAt] = SymbolTable.Overflow;
            hash = KeyedHash.Of(_overflowKey);
            index = Find(_overflowKey, hash, out slot);
        }

        if (index < 0)
        {
            index = Add(_overflowKey, hash, slot);
        }

        return index;
    }

    private int Find(ReadOnlySpan<Vector256<int>> key, ulong hash, out int slot)
    {
        int mask = _slots.Length - 1;
        uint tag = TagOf(hash);
        for (slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            uint found = _slots[slot];
            int index = (int)(found & IndexMask) - 1;
            if (found == 0 || ((found & ~IndexMask) == tag && Has(index, key)))
            {
                return index;
            }
        }
    }

    private int Add(ReadOnlySpan<Vector256<int>> key, ulong hash, int slot)
    {
        int index = Count++;
        if ((index + 1) * key.Length > _keys.Length)
        {
            Array.Resize(ref _keys, _keys.Length + (_keys.Length / key.Length / 4 * key.Length) + key.Length);
        }

        key.CopyTo(_keys.AsSpan(index * key.Length));
        if (KeyOf(index)[1..].Contains(SymbolTable.Overflow))
        {
            Overflows.Add(index);
        }

        _slots[slot] = TagOf(hash) | (uint)(index + 1);
        if (Count * 4 > _slots.Length * 3)
        {
            Rehash();
        }

        return index;
    }

    private void Rehash()
    {
        _slots = new uint[_slots.Length * 2];
        int mask = _slots.Length - 1;
        for (int index = 0; index < Count; index++)
        {
            ulong hash = KeyedHash.Of(VectorsOf(index));
            int slot = (int)hash & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = TagOf(hash) | (uint)(index + 1);
        }
    }

    private ReadOnlySpan<Vector256<int>> VectorsOf(int index) => _keys.AsSpan(index * KeyLength, KeyLength);

    private static uint TagOf(ulong hash) => (uint)(hash >> 32) & ~IndexMask;
}
