using System.Diagnostics.CodeAnalysis;
using SpanMetrics.Diagnostics;
using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>Puts what the configuration says of one view into it. Reports the key and what is wrong, once for each mistake.</summary>
internal sealed class ViewBuilder(View view, ViewOptions options, string[] ownNames, Action<string, string> reportError)
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
        (Dimension[] dimensions, int[] own) = Dimensions();
        return view with
        {
            CounterHelp = options.Match is null ? view.CounterHelp : $"Of spans what match: {options.Match} counts.",
            HistogramHelp = options.Match is null ? view.HistogramHelp : $"Duration of what match: {options.Match} counts.",
            Match = match,
            HistogramFamily = HistogramFamily(),
            Dimensions = dimensions,
            Own = own,
            LabelNames = LabelNames(dimensions, own),
            Buckets = Buckets(),
            Unit = options.Unit ?? view.Unit,
            SeriesLimit = options.Series,
        };
    }

    /// <summary>The names of dimensions that the configuration adds to these views; empty for one that is refused.</summary>
    public static string[] OwnNames(IReadOnlyList<DimensionOptions> dimensions, View[] views, Action<string, string> reportError)
    {
        string[] taken = [.. DimensionNames, .. views[0].LabelNames];
        var names = new string[dimensions.Count];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = "";
            if (dimensions[i].Attribute.Length == 0)
            {
                continue; // which has been told
            }

            string name = dimensions[i].LabelName();
            string? problem = !TryCheckLabelName(name, out string? wrong) ? wrong
                : Array.IndexOf(taken, name) >= 0 ? $"\"{name}\" is a label that is there already; take another name"
                : Array.IndexOf(names, name) >= 0 ? $"\"{name}\" is there twice; take another name"
                : null;
            if (problem is null)
            {
                names[i] = name;
            }
            else
            {
                reportError($"dimensions[{i}]{(dimensions[i].Name is null ? "" : ".name")}", problem);
            }
        }

        return names;
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

    private (Dimension[] BuiltIn, int[] Own) Dimensions()
    {
        if (options.Dimensions is not List<string> names)
        {
            return (view.Dimensions, view.Own);
        }

        string[] known = [.. DimensionNames, .. ownNames];
        var dimensions = new List<Dimension>();
        var own = new List<int>();
        for (int i = 0; i < names.Count; i++)
        {
            int found = Array.IndexOf(known, names[i]);
            if (found < 0)
            {
                Report($".dimensions[{i}]", $"there is no dimension \"{names[i]}\"; {NearestName.Hint(names[i], known)}");
            }
            else if (names.IndexOf(names[i]) < i)
            {
                Report($".dimensions[{i}]", $"\"{names[i]}\" is there twice; leave one out");
            }
            else if (found < DimensionNames.Length)
            {
                dimensions.Add(DimensionText.All[found]);
            }
            else
            {
                own.Add(found - DimensionNames.Length);
            }
        }

        return ([.. dimensions], [.. own]);
    }

    private string[] LabelNames(Dimension[] dimensions, int[] own)
    {
        // A view that keeps its dimensions keeps the names of their labels.
        string[] ofDimensions = options.Dimensions is null && view.LabelNames.Length > 0 ? view.LabelNames : Array.ConvertAll(dimensions, DimensionText.NameOf);
        string[] defaults = [.. ofDimensions, .. Array.ConvertAll(own, number => ownNames[number])];
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

    private string? HistogramFamily()
    {
        if (options.Unit is not DurationUnit unit || view.HistogramFamily is not string family)
        {
            if (options.Unit is not null)
            {
                Report(".unit", $"the view {view.Name} only counts; it has no histogram");
            }

            return view.HistogramFamily;
        }

        string ending = view.Unit == DurationUnit.Seconds ? "_seconds" : "_milliseconds";
        if (!family.EndsWith(ending, StringComparison.Ordinal))
        {
            if (unit != view.Unit)
            {
                Report(".unit", $"{family} does not say its unit, which whoever asks for it takes for seconds");
            }

            return family;
        }

        return family[..^ending.Length] + (unit == DurationUnit.Seconds ? "_seconds" : "_milliseconds");
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
