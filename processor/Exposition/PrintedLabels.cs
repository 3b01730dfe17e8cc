namespace SpanMetrics.Exposition;

/// <summary>Reads labels back from their printed form, <c>name="value",…</c>. Values stay escaped.</summary>
internal ref struct PrintedLabels(ReadOnlySpan<byte> labels)
{
    private ReadOnlySpan<byte> _rest = labels;

    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>With its quotes. The escapes of the text format are a subset of JSON's.</summary>
    public ReadOnlySpan<byte> QuotedValue { get; private set; }

    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        int nameEnd = _rest.IndexOf("=\""u8);
        int valueEnd = nameEnd + 2;
        while (_rest[valueEnd] != (byte)'"')
        {
            valueEnd += _rest[valueEnd] == (byte)'\\' ? 2 : 1;
        }

        Name = _rest[..nameEnd];
        QuotedValue = _rest[(nameEnd + 1)..(valueEnd + 1)];
        _rest = _rest[Math.Min(valueEnd + 2, _rest.Length)..]; // past the comma
        return true;
    }
}
