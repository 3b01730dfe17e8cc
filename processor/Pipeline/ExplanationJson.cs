using System.Text.Json;
using SpanMetrics.Semantics;

namespace SpanMetrics.Pipeline;

/// <summary>Explanations for programs: one object a line. docs/explain.md has the keys.</summary>
internal sealed class ExplanationJson(Stream to) : IExplanationWriter
{
    public void Write(ExplainedItem item)
    {
        using (var json = new Utf8JsonWriter(to))
        {
            json.WriteStartObject();
            json.WriteNumber("record", item.Record);
            json.WriteString("signal", item.IsLog ? "logs" : "traces");
            json.WriteString("trace_id", item.TraceId);
            json.WriteString("span_id", item.SpanId);
            json.WriteString("source", item.Plan?.Emitter.Name);
            json.WriteString("class", item.Plan is null ? null : DimensionText.Classes[(int)item.Plan.Class]);
            json.WriteString("class_rule", item.Plan?.Rule?.Place);
            json.WriteString("outcome", item.Values.Length == 0 ? null : item.Values[(int)Dimension.Outcome]);
            json.WriteString("outcome_rule", item.OutcomeRule?.Place);
            WriteDimensions(json, item);
            WriteUsage(json, item);
            WriteSkipped(json, item);
            json.WriteString("note", item.Note);
            json.WriteString("folded_into", item.FoldedInto);
            WriteMoved(json, item);
            json.WriteEndObject();
        }

        to.Write("\n"u8);
    }

    public void WriteBroken(int record, string what, string why)
    {
        using (var json = new Utf8JsonWriter(to))
        {
            json.WriteStartObject();
            json.WriteNumber("record", record);
            json.WriteString(what, why);
            json.WriteEndObject();
        }

        to.Write("\n"u8);
    }

    private static void WriteDimensions(Utf8JsonWriter json, ExplainedItem item)
    {
        json.WriteStartObject("dimensions");
        foreach (Dimension dimension in DimensionText.All)
        {
            if (item.Values.Length > 0 && item.From[(int)dimension] is string from)
            {
                WriteDimension(json, DimensionText.NameOf(dimension), item.Values[(int)dimension], from);
            }
        }

        foreach ((string name, string value, string from) in item.Own)
        {
            WriteDimension(json, name, value, from);
        }

        json.WriteEndObject();
    }

    private static void WriteDimension(Utf8JsonWriter json, string name, string value, string from)
    {
        json.WriteStartObject(name);
        json.WriteString("value", value);
        json.WriteString("from", from);
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, ExplainedItem item)
    {
        json.WriteStartArray("usage");
        foreach ((string name, double amount, string from) in item.Usage)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteNumber("amount", amount);
            json.WriteString("from", from);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSkipped(Utf8JsonWriter json, ExplainedItem item)
    {
        json.WriteStartArray("skipped");
        foreach (SkippedSource skipped in item.Skipped)
        {
            json.WriteStartObject();
            json.WriteString("name", skipped.Field);
            json.WriteString("from", skipped.Source);
            json.WriteString("why", skipped.Why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteMoved(Utf8JsonWriter json, ExplainedItem item)
    {
        json.WriteStartArray("moved");
        foreach (MovedFamily moved in item.Moved)
        {
            json.WriteStartObject();
            json.WriteString("family", moved.Name);
            json.WriteNumber("amount", moved.Amount);
            json.WriteStartObject("labels");
            foreach ((string name, string value) in moved.Labels)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
