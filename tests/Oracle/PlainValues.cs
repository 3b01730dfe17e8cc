namespace SpanMetrics.Oracle;

/// <summary>The values of <see cref="AskedKeys"/> in one span or resource, in their order; compared by value.</summary>
internal sealed class PlainValues : IEquatable<PlainValues>
{
    private readonly PlainValue[] _values;

    public PlainValues()
    {
        _values = new PlainValue[AskedKeys.All.Length];
        Array.Fill(_values, PlainValue.Missing);
    }

    public PlainValue this[string key] => _values[Array.IndexOf(AskedKeys.All, key)];

    /// <summary>
    /// Of a key that is repeated the last value counts; of an answer the worst, of a tier the highest, for a second value must not
    /// take a deny back. Of these nothing else is kept.
    /// </summary>
    public void Put(int index, PlainValue value)
    {
        PlainValue before = _values[index];
        _values[index] = AskedKeys.All[index] switch
        {
            "kitelogik.policy.deny" or "kitelogik.policy.requires_hitl" => Answer(value.Flag == true || before.Flag == true ? true : value.Flag ?? before.Flag),
            "kitelogik.policy.allow" => Answer(value.Flag == false || before.Flag == false ? false : value.Flag ?? before.Flag),
            "kitelogik.policy.risk_tier" => PlainValue.Missing with { Text = PlainClassifier.HigherTier(before.Text, value.Text) },
            _ => value,
        };

        static PlainValue Answer(bool? flag) => PlainValue.Missing with { Flag = flag };
    }

    public bool Equals(PlainValues? other) => other is not null && _values.AsSpan().SequenceEqual(other._values);

    public override bool Equals(object? obj) => Equals(obj as PlainValues);

    public override int GetHashCode() => _values.Length;

    public override string ToString() =>
        "{" + string.Join(", ", AskedKeys.All.Zip(_values).Where(entry => entry.Second != PlainValue.Missing).Select(entry => $"{entry.First}: {entry.Second.Kind} {entry.Second.Text} {entry.Second.Flag}")) + "}";
}
