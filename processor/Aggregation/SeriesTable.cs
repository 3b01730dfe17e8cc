using System.Runtime.InteropServices;
using System.Text;
using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>
/// The label sets of one view and their cumulative values, bounded. Not thread-safe: owned by one worker.
/// A row of values is count, sum of seconds, then one number for each bucket and one for +Inf, not cumulated.
/// </summary>
internal sealed class SeriesTable
{
    public const int Count = 0;
    public const int Sum = 1;
    public const int FirstBucket = 2;

    private readonly SymbolTable _symbols;
    private readonly int _limit;
    private readonly int[] _overflowKey;
    private int[] _keys;
    private int[] _slots;
    private double[] _values;
    private byte[][] _labels;
    private int _count;

    public SeriesTable(View view, SymbolTable symbols, int limit)
    {
        View = view;
        _symbols = symbols;
        _limit = limit;
        RowWidth = FirstBucket + view.Buckets.Length + 1;
        _overflowKey = new int[view.Dimensions.Length];
        _keys = new int[16 * view.Dimensions.Length];
        _values = new double[16 * RowWidth];
        _labels = new byte[16][];
        _slots = new int[64];
        _slots.AsSpan().Fill(-1);
    }

    public View View { get; }

    public int RowWidth { get; }

    /// <summary>Spans that were counted under an overflow label set.</summary>
    public long OverflowCount { get; private set; }

    /// <summary>
    /// The index of the label set with these symbols, one for each dimension. At the limit, the index of the label set
    /// that keeps what governs (outcome, deny, tier, reason, service) and has <c>__overflow__</c> elsewhere.
    /// </summary>
    public int FindOrAdd(ReadOnlySpan<int> key)
    {
        int index = Find(key, out int slot);
        if (index >= 0)
        {
            return index;
        }

        if (_count < _limit)
        {
            return Add(key, slot);
        }

        OverflowCount++;
        for (int i = 0; i < key.Length; i++)
        {
            _overflowKey[i] = DimensionText.IsGovernance(View.Dimensions[i]) ? key[i] : SymbolTable.Overflow;
        }

        index = Find(_overflowKey, out slot);
        if (index >= 0 || _count < _limit * 2)
        {
            return index >= 0 ? index : Add(_overflowKey, slot);
        }

        // The service too is the sender's choice: new ones are kept for as many again, then they go.
        int service = Array.IndexOf(View.Dimensions, Dimension.ServiceName);
        if (service >= 0)
        {
            _overflowKey[service] = SymbolTable.Overflow;
        }

        index = Find(_overflowKey, out slot);
        return index >= 0 ? index : Add(_overflowKey, slot);
    }

    public Span<double> Row(int series) => _values.AsSpan(series * RowWidth, RowWidth);

    /// <summary>A copy that does not change any more. Label texts are shared: they never change.</summary>
    public ViewSnapshot Snapshot() => new()
    {
        View = View,
        RowWidth = RowWidth,
        Labels = _labels.AsMemory(0, _count),
        Values = _values.AsSpan(0, _count * RowWidth).ToArray(),
        Limit = _limit,
        Overflowed = OverflowCount,
    };

    private int Find(ReadOnlySpan<int> key, out int slot)
    {
        int mask = _slots.Length - 1;
        for (slot = (int)KeyedHash.Of(MemoryMarshal.AsBytes(key)) & mask; ; slot = (slot + 1) & mask)
        {
            int index = _slots[slot];
            if (index < 0 || _keys.AsSpan(index * key.Length, key.Length).SequenceEqual(key))
            {
                return index;
            }
        }
    }

    private int Add(ReadOnlySpan<int> key, int slot)
    {
        int index = _count;
        if (index == _labels.Length)
        {
            Array.Resize(ref _keys, _keys.Length * 2);
            Array.Resize(ref _values, _values.Length * 2);
            Array.Resize(ref _labels, _labels.Length * 2);
        }

        key.CopyTo(_keys.AsSpan(index * key.Length));
        _labels[index] = RenderLabels(key);
        _slots[slot] = index;
        _count++;
        if (_count * 2 > _slots.Length)
        {
            Rehash(key.Length);
        }

        return index;
    }

    private void Rehash(int keyLength)
    {
        _slots = new int[_slots.Length * 2];
        _slots.AsSpan().Fill(-1);
        for (int index = 0; index < _count; index++)
        {
            Find(_keys.AsSpan(index * keyLength, keyLength), out int slot);
            _slots[slot] = index;
        }
    }

    // name="value",… without braces, escaped as the text formats want it: done once at the series' birth.
    private byte[] RenderLabels(ReadOnlySpan<int> key)
    {
        var text = new StringBuilder();
        for (int i = 0; i < key.Length; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(View.LabelNames[i]).Append("=\"")
                .Append(Encoding.UTF8.GetString(_symbols.TextOf(key[i])).Replace("\\", "\\\\", StringComparison.Ordinal)
                    .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal))
                .Append('"');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
