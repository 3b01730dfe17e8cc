namespace SpanMetrics.Aggregation;

/// <summary>Label values to dense ids, bounded. Not thread-safe: owned by one worker.</summary>
internal sealed class SymbolTable
{
    /// <summary>The table is full: the span still counts, under this value.</summary>
    public const int Overflow = 0;

    private readonly int _capacity;
    private readonly Dictionary<byte[], int> _ids = new(Utf8Comparer.Instance);
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly List<byte[]> _texts = [];

    public SymbolTable(int capacity)
    {
        _capacity = capacity;
        _lookup = _ids.GetAlternateLookup<ReadOnlySpan<byte>>();
        Add(System.Text.Encoding.UTF8.GetBytes(LabelValue.Overflow));
    }

    public byte[] TextOf(int id) => _texts[id];

    /// <summary>The id of the label value that <paramref name="raw"/> becomes.</summary>
    public int Intern(ReadOnlySpan<byte> raw)
    {
        if (raw.Length <= LabelValue.MaxBytes && _lookup.TryGetValue(raw, out int id) && id != Overflow)
        {
            return id;
        }

        return InternNew(raw);
    }

    private int InternNew(ReadOnlySpan<byte> raw)
    {
        byte[] text = LabelValue.IsPlain(raw) ? raw.ToArray() : LabelValue.Normalise(raw);
        return _ids.TryGetValue(text, out int id) ? id
            : _ids.Count >= _capacity ? Overflow
            : Add(text);
    }

    private int Add(byte[] text)
    {
        int id = _texts.Count;
        _ids.Add(text, id);
        _texts.Add(text);
        return id;
    }
}
