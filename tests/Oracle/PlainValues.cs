namespace SpanMetrics.Oracle;

/// <summary>The attributes of one span, log record or resource. Compared by the values of <see cref="AskedKeys"/>: the product reads no others.</summary>
internal sealed class PlainValues : IEquatable<PlainValues>
{
    private readonly Dictionary<string, PlainValue> _values = [];
    private readonly HashSet<string> _sent = [];

    public PlainValue this[string key] => _values.GetValueOrDefault(key, PlainValue.Missing);

    /// <summary>Whether a key was sent with a value, be it one that nobody can read.</summary>
    public void NoteSent(string key, bool isSent) => _ = isSent ? _sent.Add(key) : _sent.Remove(key);

    /// <summary>True where a key that begins so, and that is asked for, has a value of any kind.</summary>
    public bool HasAny(params ReadOnlySpan<string> beginnings)
    {
        foreach (string beginning in beginnings)
        {
            if (_sent.Any(key => key.StartsWith(beginning, StringComparison.Ordinal) && AskedKeys.Has(key)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Of a key that is repeated the last value counts; of an answer the worst, of a tier the highest, for a second value must not
    /// take a deny back. Of these nothing else is kept.
    /// </summary>
    public void Put(string key, PlainValue value)
    {
        PlainValue before = this[key];
        _values[key] = key switch
        {
            "kitelogik.policy.deny" or "kitelogik.policy.requires_hitl" => Answer(value.Flag == true || before.Flag == true ? true : value.Flag ?? before.Flag),
            "kitelogik.policy.allow" => Answer(value.Flag == false || before.Flag == false ? false : value.Flag ?? before.Flag),
            "kitelogik.policy.risk_tier" => PlainValue.Missing with { Text = PlainClassifier.HigherTier(before.Text, value.Text) },
            _ => value,
        };

        static PlainValue Answer(bool? flag) => PlainValue.Missing with { Flag = flag };
    }

    public bool Equals(PlainValues? other) => other is not null && AskedKeys.All.All(key => this[key] == other[key]);

    public override bool Equals(object? obj) => Equals(obj as PlainValues);

    public override int GetHashCode() => 0;

    public override string ToString() =>
        "{" + string.Join(", ", AskedKeys.All.Select(key => (Key: key, Value: this[key])).Where(entry => entry.Value != PlainValue.Missing)
            .Select(entry => $"{entry.Key}: {entry.Value.Kind} {entry.Value.Text} {entry.Value.Flag}")) + "}";
}
