using System.Globalization;
using System.Text;

namespace SpanMetrics.Tests.Support;

/// <summary>A page in the text format 0.0.4, read the plain way. A line that does not fit the format fails the test.</summary>
internal sealed class MetricsPage
{
    private MetricsPage(List<Sample> samples, Dictionary<string, string> types, string text)
    {
        Samples = samples;
        Types = types;
        Text = text;
    }

    public IReadOnlyList<Sample> Samples { get; }

    /// <summary>Family to `counter`, `gauge`, `histogram`.</summary>
    public IReadOnlyDictionary<string, string> Types { get; }

    public static MetricsPage Parse(string text)
    {
        var samples = new List<Sample>();
        var types = new Dictionary<string, string>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var words = line.Split(' ');
                types.Add(words[2], words[3]);
            }
            else if (line[0] != '#')
            {
                samples.Add(ParseSample(line));
            }
        }
        return new MetricsPage(samples, types, text);
    }

    public string Text { get; }

    /// <summary>What the worker says of itself: a page's short part, for messages.</summary>
    public IEnumerable<Sample> Own() => Samples.Where(sample => sample.Name.StartsWith("spanmetrics_", StringComparison.Ordinal));

    public IEnumerable<Sample> Family(string name) => Samples.Where(sample => sample.Name == name);

    public double Sum(string name, params (string Name, string Value)[] labels) =>
        Family(name)
            .Where(sample => sample.Carries(labels.Select(label => KeyValuePair.Create(label.Name, label.Value))))
            .Sum(sample => sample.Value);

    // name{label="value",label="value"} value [timestamp]
    private static Sample ParseSample(string line)
    {
        var at = line.IndexOfAny(['{', ' ']);
        var name = line[..at];
        var labels = new Dictionary<string, string>();
        if (line[at] == '{')
        {
            at++;
            while (line[at] != '}')
            {
                var equals = line.IndexOf('=', at);
                var label = line[at..equals];
                Assert.True(line[equals + 1] == '"', line);
                at = equals + 2;
                var value = new StringBuilder();
                for (; line[at] != '"'; at++)
                {
                    value.Append(line[at] == '\\' ? Unescape(line[++at], line) : line[at]);
                }
                labels.Add(label, value.ToString());
                at++;
                if (line[at] == ',')
                {
                    at++;
                }
            }
            at++;
        }
        Assert.True(line[at] == ' ', line);
        return new Sample(name, labels, Number(line[(at + 1)..].Split(' ')[0]));
    }

    private static char Unescape(char escaped, string line) => escaped switch
    {
        'n' => '\n',
        '\\' or '"' => escaped,
        _ => throw new FormatException($"unknown escape in: {line}"),
    };

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };
}
