using System.Text;
using SpanMetrics.Aggregation;
using SpanMetrics.Semantics;

namespace SpanMetrics.Exposition;

/// <summary>Decisions since the start for one value of one dimension, and what share of them was denied: the page for people and the demo's summary.</summary>
internal sealed class DecisionShare(string value)
{
    public string Value => value;

    public double Decisions { get; private set; }

    public double Denied { get; private set; }

    public double Held { get; private set; }

    public double DeniedShare => Decisions == 0 ? 0 : Denied / Decisions;

    /// <summary>Most decisions first.</summary>
    public static List<DecisionShare> By(Dimension dimension, Page page)
    {
        var shares = new Dictionary<string, DecisionShare>();
        foreach (SeriesTable view in page.Views)
        {
            int at = Array.IndexOf(view.View.Dimensions, dimension);
            int outcomeAt = Array.IndexOf(view.View.Dimensions, Dimension.Outcome);
            if (at < 0 || outcomeAt < 0 || view.View.Match != CountedAs.Decision)
            {
                continue;
            }

            for (int series = 0; series < view.SeriesCount; series++)
            {
                string value = Encoding.UTF8.GetString(view.LabelOf(series, at));
                string outcome = Encoding.UTF8.GetString(view.LabelOf(series, outcomeAt));
                if (!shares.TryGetValue(value, out DecisionShare? share))
                {
                    shares.Add(value, share = new DecisionShare(value));
                }

                double count = view[series].Count;
                share.Decisions += count;
                share.Denied += outcome == DimensionText.Outcomes[(int)Outcome.Deny] ? count : 0;
                share.Held += outcome == DimensionText.Outcomes[(int)Outcome.Hitl] ? count : 0;
            }

            break; // another view counts the same decisions once more
        }

        var ordered = new List<DecisionShare>(shares.Values);
        ordered.Sort((a, b) => b.Decisions != a.Decisions ? b.Decisions.CompareTo(a.Decisions) : string.CompareOrdinal(a.Value, b.Value));
        return ordered;
    }
}
