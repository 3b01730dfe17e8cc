namespace SpanMetrics.Exposition;

/// <summary>The worker's own families of one page, by name.</summary>
internal sealed class OwnValues
{
    private readonly Dictionary<string, PlainFamily> _families = [];

    public OwnValues(Page page)
    {
        foreach (PlainFamily family in page.Own)
        {
            _families[family.Name] = family;
        }
    }

    /// <summary>Of a family without labels; null where it is not on the page.</summary>
    public double? Value(string family)
    {
        foreach ((_, double value) in Samples(family))
        {
            return value;
        }

        return null;
    }

    /// <summary>Labels by name, with the value.</summary>
    public IEnumerable<(Dictionary<string, string> Labels, double Value)> Samples(string family)
    {
        if (_families.TryGetValue(family, out PlainFamily? found))
        {
            foreach (((string Name, string Value)[] labels, double value) in found.Samples)
            {
                yield return (new(Array.ConvertAll(labels, label => KeyValuePair.Create(label.Name, label.Value))), value);
            }
        }
    }
}
