using System.Diagnostics.CodeAnalysis;
using SpanMetrics.Diagnostics;
using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>Puts what the configuration says of one view into it. Reports the key and what is wrong, once for each mistake.</summary>
internal sealed class ViewBuilder(View view, ViewOptions options, Action<string, string> reportError)
{
    // Prometheus sets these on every sample, or gives them a meaning of its own.
    private static readonly string[] ReservedLabels = ["job", "instance", "le", "quantile"];

    // The worker's own families, now or to come, and what Prometheus says of a scrape.
    private static readonly string[] ReservedFamilies = ["spanmetrics_", "process_", "dotnet_", "scrape_"];

    private static readonly string[] DimensionNames = DimensionText.Names;

    public View Build()
    {
        CheckName();
        CountedAs match = Match();
        Dimension[] dimensions = Dimensions();
        return view with
        {
            CounterHelp = options.Match is null ? view.CounterHelp : $"Of spans what match: {options.Match} counts.",
            HistogramHelp = options.Match is null ? view.HistogramHelp : $"Duration of what match: {options.Match} counts.",
            Match = match,
            Dimensions = dimensions,
            LabelNames = LabelNames(dimensions),
            Buckets = Buckets(),
            SeriesLimit = options.Series,
        };
    }

    private void CheckName()
    {
        if (!IsName(view.Name))
        {
            Report("", $"\"{view.Name}\" cannot begin the name of a metric: letters, digits and underscores, not a digit first");
        }
        else if (Array.Exists(ReservedFamilies, prefix => view.CounterFamily.StartsWith(prefix, StringComparison.Ordinal)))
        {
            Report("", $"names that begin with {string.Join(", ", ReservedFamilies)} belong to the worker and to Prometheus; take another name");
        }
    }

    private CountedAs Match()
    {
        if (options.Match is null)
        {
            return view.Match;
        }

        if (CountedAsText.Parse(options.Match) is not CountedAs match)
        {
            Report(".match", $"there is nothing to count by the name \"{options.Match}\"; {NearestName.Hint(options.Match, CountedAsText.Names)}");
            return view.Match;
        }

        return match;
    }

    private Dimension[] Dimensions()
    {
        if (options.Dimensions is not List<string> names)
        {
            return view.Dimensions;
        }

        var dimensions = new List<Dimension>();
        for (int i = 0; i < names.Count; i++)
        {
            int found = Array.IndexOf(DimensionNames, names[i]);
            if (found < 0)
            {
                Report($".dimensions[{i}]", $"there is no dimension \"{names[i]}\"; {NearestName.Hint(names[i], DimensionNames)}");
            }
            else if (dimensions.Contains(DimensionText.All[found]))
            {
                Report($".dimensions[{i}]", $"\"{names[i]}\" is there twice; leave one out");
            }
            else
            {
                dimensions.Add(DimensionText.All[found]);
            }
        }

        return [.. dimensions];
    }

    private string[] LabelNames(Dimension[] dimensions)
    {
        // A view that keeps its dimensions keeps the names of their labels.
        string[] defaults = options.Dimensions is null && view.LabelNames.Length > 0 ? view.LabelNames : Array.ConvertAll(dimensions, DimensionText.NameOf);
        string[] names = [.. defaults];
        foreach ((string label, string renamed) in options.Labels)
        {
            int at = Array.IndexOf(defaults, label);
            if (at < 0)
            {
                Report($".labels.{label}", $"the view {view.Name} has no label \"{label}\"; it has {string.Join(", ", defaults)}");
            }
            else if (!TryCheckLabelName(renamed, out string? problem))
            {
                Report($".labels.{label}", problem);
            }
            else
            {
                names[at] = renamed;
            }
        }

        for (int i = 0; i < names.Length; i++)
        {
            if (Array.IndexOf(names, names[i]) < i)
            {
                Report($".labels.{defaults[i]}", $"two labels of the view {view.Name} are named \"{names[i]}\"");
            }
        }

        return names;
    }

    private double[] Buckets()
    {
        if (options.Buckets is not List<double> bounds)
        {
            return view.Buckets;
        }

        if (view.HistogramFamily is null)
        {
            Report(".buckets", $"the view {view.Name} only counts; it has no histogram");
        }

        if (bounds.Count > BucketBounds.Most)
        {
            Report(".buckets", $"{bounds.Count} buckets are too many; {BucketBounds.Most} are the most");
        }

        for (int i = 0; i < bounds.Count; i++)
        {
            if (bounds[i] is not (>= BucketBounds.LeastSeconds and <= BucketBounds.MostSeconds))
            {
                Report($".buckets[{i}]", $"{bounds[i]} is outside {BucketBounds.LeastSeconds} to {BucketBounds.MostSeconds} seconds; +Inf is there without being said");
            }
            else if (i > 0 && bounds[i] <= bounds[i - 1])
            {
                Report($".buckets[{i}]", $"{bounds[i]} after {bounds[i - 1]}; put the bounds in ascending order, each once");
            }
        }

        return [.. bounds];
    }

    private void Report(string key, string problem) => reportError($"views.{view.Name}{key}", problem);

    private static bool TryCheckLabelName(string name, [NotNullWhen(false)] out string? problem)
    {
        problem = !IsName(name)
            ? $"\"{name}\" is not a label name: letters, digits and underscores, not a digit first"
            : name.StartsWith("__", StringComparison.Ordinal) || Array.IndexOf(ReservedLabels, name) >= 0
            ? $"\"{name}\" belongs to Prometheus itself; take another name"
            : null;
        return problem is null;
    }

    private static bool IsName(string name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return name.Length > 0 && !char.IsAsciiDigit(name[0]);
    }
}
