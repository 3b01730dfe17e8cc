using System.Runtime.CompilerServices;
using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>
/// The label sets of one view, bounded and numbered in the order of their appearance. A key is the word of the closed dimensions, then
/// a symbol for each dimension that takes text, the configuration's own last. Not thread-safe: owned by one worker or by the page; the keys of label sets that
/// another thread was handed can be read from there, for they never change.
/// </summary>
internal sealed class LabelSets
{
    private const int IndexBits = 25;
    private const uint IndexMask = (1 << IndexBits) - 1;

    private readonly int _limit;
    private readonly int _closedMask;
    private readonly int[] _textAt; // by position in the key less one: the dimension
    private readonly int[] _ownAt; // behind those
    private readonly int[] _overflowKey;
    private readonly int _serviceAt = -1;
    private readonly int _sourceAt = -1;
    private int[] _keys;
    private uint[] _slots = new uint[64]; // seven bits of the hash, then the index plus one; 0 is free

    /// <param name="view">Whose label sets.</param>
    /// <param name="limit">Label sets before overflow; twice as many and a few at most with those of overflow.</param>
    public LabelSets(View view, int limit)
    {
        var text = new List<int>();
        foreach (Dimension dimension in view.Dimensions)
        {
            _closedMask |= ClosedValues.MaskOf(dimension);
            if (DimensionText.IsText(dimension))
            {
                text.Add((int)dimension);
                _serviceAt = dimension == Dimension.ServiceName ? text.Count : _serviceAt;
                _sourceAt = dimension == Dimension.Source ? text.Count : _sourceAt;
            }
        }

        _textAt = [.. text];
        _ownAt = view.Own;
        _limit = limit;
        KeyLength = 1 + _textAt.Length + _ownAt.Length;
        _overflowKey = new int[KeyLength];
        _keys = new int[16 * KeyLength];
    }

    public int Count { get; private set; }

    public int KeyLength { get; }

    /// <summary>The label sets that stand for others, beyond a limit of label sets or of label values.</summary>
    public List<int> Overflows { get; } = [];

    public ReadOnlySpan<int> KeyOf(int index) => _keys.AsSpan(index * KeyLength, KeyLength);

    public bool IsDenied(int index) =>
        ClosedValues.ValueOf(_keys[index * KeyLength], Dimension.Outcome) == (int)Outcome.Deny || ClosedValues.ValueOf(_keys[index * KeyLength], Dimension.Deny) > 0;

    /// <summary>Whether a key is to be completed by <see cref="WriteOwn"/>.</summary>
    public bool HasOwn => _ownAt.Length > 0;

    /// <summary>The view's part of a span's values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteKey(in ClassifiedSpan span, Span<int> key)
    {
        key[0] = span.Closed & _closedMask;
        int[] textAt = _textAt;
        for (int i = 0; i < textAt.Length; i++)
        {
            key[i + 1] = span.Text[textAt[i]];
        }
    }

    /// <summary>And of its values of the dimensions that the configuration adds.</summary>
    public void WriteOwn(ReadOnlySpan<int> own, Span<int> key)
    {
        for (int i = 0; i < _ownAt.Length; i++)
        {
            key[1 + _textAt.Length + i] = own[_ownAt[i]];
        }
    }

    /// <summary>The label set that a hash most likely means, or less than 0: to be compared, and found by <see cref="FindOrAdd"/> where it differs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Guess(ulong hash) => (int)(_slots[(int)hash & (_slots.Length - 1)] & IndexMask) - 1;

    /// <summary>
    /// The index of the label set with this key. At the limit, the index of the label set that keeps what governs (outcome, deny,
    /// tier, reason, service) and has <c>__overflow__</c> elsewhere.
    /// </summary>
    public int FindOrAdd(ReadOnlySpan<int> key, ulong hash)
    {
        int index = Find(key, hash, out int slot);
        return index >= 0 ? index : Count < _limit ? Add(key, hash, slot) : FindOrAddOverflow(key);
    }

    private int FindOrAddOverflow(ReadOnlySpan<int> key)
    {
        Array.Clear(_overflowKey); // SymbolTable.Overflow is 0
        _overflowKey[0] = key[0];
        if (_serviceAt >= 0)
        {
            _overflowKey[_serviceAt] = key[_serviceAt];
        }

        if (_sourceAt >= 0)
        {
            _overflowKey[_sourceAt] = key[_sourceAt]; // out of rules, not of spans
        }

        ulong hash = KeyedHash.Of(_overflowKey);
        int index = Find(_overflowKey, hash, out int slot);
        if (index < 0 && Count >= _limit * 2 && _serviceAt >= 0)
        {
            // The service too is the sender's choice: new ones are kept for as many again, then they go.
            _overflowKey[_serviceAt] = SymbolTable.Overflow;
            hash = KeyedHash.Of(_overflowKey);
            index = Find(_overflowKey, hash, out slot);
        }

        if (index < 0)
        {
            index = Add(_overflowKey, hash, slot);
        }

        return index;
    }

    private int Find(ReadOnlySpan<int> key, ulong hash, out int slot)
    {
        int mask = _slots.Length - 1;
        uint tag = TagOf(hash);
        for (slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            uint found = _slots[slot];
            int index = (int)(found & IndexMask) - 1;
            if (found == 0 || ((found & ~IndexMask) == tag && KeyOf(index).SequenceEqual(key)))
            {
                return index;
            }
        }
    }

    private int Add(ReadOnlySpan<int> key, ulong hash, int slot)
    {
        int index = Count++;
        if ((index + 1) * key.Length > _keys.Length)
        {
            Array.Resize(ref _keys, (_keys.Length / 2 * 3 / key.Length * key.Length) + key.Length);
        }

        key.CopyTo(_keys.AsSpan(index * key.Length));
        if (key[1..].Contains(SymbolTable.Overflow))
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
            ulong hash = KeyedHash.Of(KeyOf(index));
            int slot = (int)hash & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = TagOf(hash) | (uint)(index + 1);
        }
    }

    private static uint TagOf(ulong hash) => (uint)(hash >> 32) & ~IndexMask;
}
