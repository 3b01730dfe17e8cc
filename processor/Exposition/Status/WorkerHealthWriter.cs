using System.Text.Json;

namespace SpanMetrics.Exposition;

/// <summary>The worker's own health in <c>/api/v1/status</c>: its own families, under names that stay.</summary>
internal sealed class WorkerHealthWriter(Utf8JsonWriter json)
{
    // Beyond it the partitions that are farthest behind.
    private const int MostPartitions = 20;

    /// <summary>JSON knows no infinity.</summary>
    public static void Number(Utf8JsonWriter json, string property, double? value)
    {
        if (value is double known && double.IsFinite(known))
        {
            json.WriteNumber(property, known);
        }
        else
        {
            json.WriteNull(property);
        }
    }

    public void Write(OwnValues own, StatusHistory history, WorkerFacts worker)
    {
        json.WriteStartObject("worker");
        json.WriteString("version", worker.Version);
        Number("started_at", history.StartedAt.ToUnixTimeMilliseconds() / 1e3);
        json.WriteBoolean("ready", worker.WhyNotReady is null);
        json.WriteString("why_not_ready", worker.WhyNotReady);
        json.WriteStartArray("topics");
        Array.ForEach(worker.Topics, json.WriteStringValue);
        json.WriteEndArray();
        WriteRecords(own);
        WriteByOutcome("spans", own, "spanmetrics_input_spans_total");
        WriteByOutcome("log_records", own, "spanmetrics_input_log_records_total");
        Number("bytes", own.Value("spanmetrics_input_bytes_total"));
        Number("offsets_lost", own.Value("spanmetrics_kafka_offsets_lost_total"));
        Number("last_span_at", own.Value("spanmetrics_last_span_timestamp_seconds"));
        Number("complete_until", own.Value("spanmetrics_complete_until_timestamp_seconds"));
        Number("lag_seconds", own.Value("spanmetrics_consumer_lag_seconds"));
        WriteLag(own);
        WriteViews(own);
        json.WriteStartObject("label_values");
        Number("held", own.Value("spanmetrics_label_values"));
        Number("limit", own.Value("spanmetrics_label_values_limit"));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteRecords(OwnValues own)
    {
        var byOutcome = new SortedDictionary<string, double>(StringComparer.Ordinal) { ["ok"] = 0, ["salvaged"] = 0, ["rejected"] = 0 };
        json.WriteStartObject("records");
        json.WriteStartArray("bad");
        foreach ((Dictionary<string, string> labels, double value) in own.Samples("spanmetrics_input_records_total"))
        {
            byOutcome[labels["outcome"]] = byOutcome.GetValueOrDefault(labels["outcome"]) + value;
            if (labels["outcome"] != "ok" && value > 0)
            {
                json.WriteStartObject();
                json.WriteString("signal", labels["signal"]);
                json.WriteString("outcome", labels["outcome"]);
                json.WriteString("reason", labels["reason"]);
                Number("count", value);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
        foreach ((string outcome, double count) in byOutcome)
        {
            Number(outcome, count);
        }

        json.WriteEndObject();
    }

    private void WriteByOutcome(string property, OwnValues own, string family)
    {
        json.WriteStartObject(property);
        foreach ((Dictionary<string, string> labels, double value) in own.Samples(family))
        {
            Number(labels["outcome"], value);
        }

        json.WriteEndObject();
    }

    private void WriteLag(OwnValues own)
    {
        List<(Dictionary<string, string> Labels, double Lag)> partitions = [.. own.Samples("spanmetrics_consumer_lag_records")];
        partitions.Sort((one, other) => other.Lag.CompareTo(one.Lag));
        double sum = 0;
        partitions.ForEach(partition => sum += partition.Lag);
        Number("lag_records", partitions.Count > 0 ? sum : null);
        json.WriteNumber("partitions", partitions.Count);
        json.WriteStartArray("farthest_behind");
        foreach ((Dictionary<string, string> labels, double lag) in partitions[..Math.Min(MostPartitions, partitions.Count)])
        {
            json.WriteStartObject();
            json.WriteString("topic", labels["topic"]);
            json.WriteString("partition", labels["partition"]);
            Number("lag_records", lag);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteViews(OwnValues own)
    {
        Dictionary<string, double> limits = ByView("spanmetrics_series_limit"), overflowed = ByView("spanmetrics_series_overflow_total"), held = ByView("spanmetrics_series_held");
        json.WriteStartArray("views");
        foreach ((string view, double series) in ByView("spanmetrics_series"))
        {
            json.WriteStartObject();
            json.WriteString("view", view);
            Number("series", series);
            Number("limit", limits.GetValueOrDefault(view));
            Number("overflowed", overflowed.GetValueOrDefault(view));
            Number("held", held.GetValueOrDefault(view));
            json.WriteEndObject();
        }

        json.WriteEndArray();

        Dictionary<string, double> ByView(string family)
        {
            var values = new Dictionary<string, double>();
            foreach ((Dictionary<string, string> labels, double value) in own.Samples(family))
            {
                values[labels["view"]] = value;
            }

            return values;
        }
    }

    private void Number(string property, double? value) => Number(json, property, value);
}
