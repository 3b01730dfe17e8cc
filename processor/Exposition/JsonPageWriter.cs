using System.Text.Json;
using SpanMetrics.Aggregation;

namespace SpanMetrics.Exposition;

/// <summary>
/// Prints a page for programs: <c>{"families":[{"name","type","samples":[{"labels":{…},"value"}]}]}</c>; a histogram's
/// sample has <c>count</c>, <c>sum</c> and cumulated <c>buckets</c> by upper bound instead of a value.
/// </summary>
internal static class JsonPageWriter
{
    public static void Write(Page page, Stream to)
    {
        using var json = new Utf8JsonWriter(to, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartArray("families");
        foreach (SeriesTable view in page.Views)
        {
            Family(json, view.View.CounterFamily, "counter");
            for (int series = 0; series < view.SeriesCount; series++)
            {
                Sample(json, view, series);
                json.WriteNumber("value", view[series].Count);
                json.WriteEndObject();
            }

            End(json);
            if (view.View.HistogramFamily is not string histogram)
            {
                continue;
            }

            Family(json, histogram, "histogram");
            for (int series = 0; series < view.SeriesCount; series++)
            {
                if (view[series].Observed == 0)
                {
                    continue;
                }

                Sample(json, view, series);
                HistogramValue(json, view.View.PrintedBuckets, view[series]);
                json.WriteEndObject();
            }

            End(json);
        }

        foreach (PlainFamily family in page.Own)
        {
            Family(json, family.Name, family.IsCounter ? "counter" : "gauge");
            foreach (((string Name, string Value)[] labels, double value) in family.Samples)
            {
                Sample(json, labels);
                json.WriteNumber("value", value);
                json.WriteEndObject();
            }

            End(json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Family(Utf8JsonWriter json, string name, string type)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("type", type);
        json.WriteStartArray("samples");
    }

    private static void End(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void HistogramValue(Utf8JsonWriter json, double[] bounds, SeriesValue value)
    {
        double cumulative = 0;
        json.WriteStartObject("buckets");
        for (int bucket = 0; bucket <= bounds.Length; bucket++)
        {
            cumulative += value.Buckets[bucket];
            json.WriteNumber(bucket == bounds.Length ? "+Inf" : bounds[bucket].ToString(System.Globalization.CultureInfo.InvariantCulture), cumulative);
        }

        json.WriteEndObject();
        json.WriteNumber("count", cumulative);
        json.WriteNumber("sum", value.Sum);
    }

    // Opens a sample; the caller closes it.
    private static void Sample(Utf8JsonWriter json, SeriesTable view, int series)
    {
        json.WriteStartObject();
        json.WriteStartObject("labels");
        for (int i = 0; i < view.View.LabelNames.Length; i++)
        {
            if (view.LabelOf(series, i) is { IsEmpty: false } value)
            {
                json.WriteString(view.View.LabelNames[i], value);
            }
        }

        json.WriteEndObject();
    }

    private static void Sample(Utf8JsonWriter json, (string Name, string Value)[] labels)
    {
        json.WriteStartObject();
        json.WriteStartObject("labels");
        foreach ((string name, string value) in labels)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }
}
