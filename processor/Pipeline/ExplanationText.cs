using System.Globalization;
using SpanMetrics.Semantics;

namespace SpanMetrics.Pipeline;

/// <summary>Explanations for people: a headline, then a line for each thing that is known.</summary>
internal sealed class ExplanationText(TextWriter to) : IExplanationWriter
{
    public void Write(ExplainedItem item)
    {
        string what = $"{(item.IsLog ? "log" : "span")} {(item.SpanId.Length > 0 ? item.SpanId : "?")} of trace {(item.TraceId.Length > 0 ? item.TraceId : "?")}, record {item.Record}";
        if (item.Plan is not SpanPlan plan || item.Values.Length == 0)
        {
            to.WriteLine($"{what}: {item.Note}");
            return;
        }

        string kind = DimensionText.Classes[(int)plan.Class];
        to.WriteLine($"{what}: class {kind}, outcome {item.Values[(int)Dimension.Outcome]}, source {plan.Emitter.Name}");
        Row("class", kind, plan.Rule is null ? "no rule" : $"rule {plan.Rule.Place}");
        foreach (Dimension dimension in DimensionText.All)
        {
            if (item.From[(int)dimension] is string from)
            {
                Row(DimensionText.NameOf(dimension), item.Values[(int)dimension], from);
            }
        }

        foreach ((string name, string value, string from) in item.Own)
        {
            Row(name, value, from);
        }

        foreach ((string name, double amount, string from) in item.Usage)
        {
            Row(name, Number(amount), from);
        }

        foreach (SkippedSource skipped in item.Skipped)
        {
            to.WriteLine($"  skipped: {skipped.Field}, {skipped.Source}: {skipped.Why}");
        }

        if (item.Note.Length > 0)
        {
            to.WriteLine($"  {item.Note}");
        }

        foreach (MovedFamily moved in item.Moved)
        {
            string[] labels = Array.ConvertAll(moved.Labels.ToArray(), label => $"{label.Name}=\"{label.Value}\"");
            to.WriteLine($"  moved: {moved.Name}{(labels.Length == 0 ? "" : $"{{{string.Join(',', labels)}}}")}{(moved.Amount == 1 ? "" : $" {Number(moved.Amount)}")}");
        }
    }

    public void WriteBroken(int record, string what, string why) => to.WriteLine($"record {record}: {what}, {why}");

    private void Row(string name, string value, string from) => to.WriteLine($"  {name,-14} {value,-34} {from}");

    private static string Number(double number) => number.ToString(CultureInfo.InvariantCulture);
}
