using System.Text;
using System.Text.Json;

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
            foreach ((string labels, double value) in found.Samples)
            {
                yield return (LabelsOf(labels), value);
            }
        }
    }

    private static Dictionary<string, string> LabelsOf(string text)
    {
        var labels = new Dictionary<string, string>();
        var printed = new PrintedLabels(Encoding.UTF8.GetBytes(text));
        while (printed.MoveNext())
        {
            labels[Encoding.UTF8.GetString(printed.Name)] = JsonSerializer.Deserialize<string>(printed.QuotedValue)!;
        }

        return labels;
    }
}
