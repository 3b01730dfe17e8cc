using System.Globalization;
using System.Text.Json;
using SpanMetrics.Aggregation;
using SpanMetrics.Semantics;

namespace SpanMetrics.Exposition;

/// <summary>Prints <c>/api/v1/status</c>, as docs/status.md has it.</summary>
internal sealed class StatusWriter(Utf8JsonWriter json, StatusHistory history, StatusWindow window)
{
    // Of a list: more pictures than one looks at would be most of the answer.
    private const int MostPictures = 20;

    /// <param name="page">That the history has observed.</param>
    /// <param name="service">By name; null is all of them.</param>
    /// <param name="worker">What is known of it beside the page.</param>
    public void Write(Page page, string? service, WorkerFacts worker)
    {
        int? number = service is null ? null : history.Services.Find(service) ?? -1;
        var tiers = new StatusRows(history.Tiers, number, history, window);
        var models = new StatusRows(history.Models, number, history, window);
        var tools = new StatusRows(history.Tools, number, history, window);

        json.WriteStartObject();
        Number("at", history.Now.ToUnixTimeMilliseconds() / 1e3);
        WriteWindow();
        json.WriteString("service", service);
        WriteServices();
        WriteAllDecisions(tiers.All, number);
        WriteList("tiers", "tier", tiers.Named, _ => { });
        WriteList("tools", "tool", tools.Named, WriteTool);
        WriteOthers("other_tools", tools, WriteTool);
        WriteList("models", "model", models.Named, WriteModel);
        WriteOthers("other_models", models, WriteModel);
        json.WriteStartObject("totals");
        Number("tool_calls", tools.All.Sum(StatusColumns.Calls));
        Number("ungated_tool_calls", tools.All.Sum(StatusColumns.Ungated));
        WriteModel(models.All);
        json.WriteEndObject();
        new WorkerHealthWriter(json).Write(new OwnValues(page), history, worker);
        json.WriteEndObject();
    }

    private void WriteWindow()
    {
        json.WriteStartObject("window");
        json.WriteString("name", window.Name);
        Number("covered_seconds", history.CoveredSeconds(window));
        Number("step_seconds", window.SlotsOfAPoint(history.Slot) * Track.SlotSeconds);
        Number("first_point_at", (history.StartedAt.ToUnixTimeMilliseconds() / 1e3) + (window.FirstPoint(history.Slot) * Track.SlotSeconds));
        json.WriteEndObject();
    }

    private void WriteServices()
    {
        string[] services = [.. history.Services.All];
        Array.Sort(services, StringComparer.Ordinal);
        json.WriteStartArray("services");
        Array.ForEach(services, json.WriteStringValue);
        json.WriteEndArray();
        json.WriteNumber("other_services", history.Services.LeftOut);
    }

    private void WriteAllDecisions(StatusRow all, int? service)
    {
        json.WriteStartObject("decisions");
        json.WriteBoolean("has_view", history.CountsDecisions);
        Number("total", all.Decisions);
        for (int outcome = 0; outcome < DimensionText.Outcomes.Length; outcome++)
        {
            Number(DimensionText.Outcomes[outcome], all.Sum(outcome));
        }

        json.WriteStartObject("history");
        for (int outcome = 0; outcome < DimensionText.Outcomes.Length; outcome++)
        {
            Numbers(DimensionText.Outcomes[outcome], all.Points(outcome));
        }

        json.WriteEndObject();
        StatusRow hour = new StatusRows(history.Tiers, service, history, StatusWindow.Hour).All;
        json.WriteStartObject("last_hour");
        Number("total", hour.Decisions);
        Number("deny", hour.Denied);
        Number("covered_seconds", history.CoveredSeconds(StatusWindow.Hour));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteList(string property, string nameOf, List<StatusRow> rows, Action<StatusRow> writeMore)
    {
        json.WriteStartArray(property);
        for (int i = 0; i < rows.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString(nameOf, rows[i].Name);
            WriteDecisions(rows[i]);
            WriteLastDenied(rows[i]);
            writeMore(rows[i]);
            if (i < MostPictures)
            {
                json.WriteStartObject("history");
                Numbers("decisions", rows[i].Points(0, StatusColumns.Outcomes));
                Numbers("deny", rows[i].Points(StatusColumns.Deny));
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteOthers(string property, StatusRows rows, Action<StatusRow> writeMore)
    {
        json.WriteStartObject(property);
        json.WriteNumber("names", rows.LeftOut);
        WriteDecisions(rows.Others);
        writeMore(rows.Others);
        json.WriteEndObject();
    }

    private void WriteDecisions(StatusRow row)
    {
        Number("decisions", row.Decisions);
        Number("deny", row.Denied);
        Number("hitl", row.Sum(StatusColumns.Hitl));
        Number("deny_ratio", row.DenyRatio);
    }

    private void WriteLastDenied(StatusRow row)
    {
        Number("last_denied_at", row.DeniedAt > 0 ? row.DeniedAt : null);
        Exemplar denied = row.DeniedSpan;
        bool isLed = denied.EndUnixMillis > 0;
        json.WriteString("last_denied_trace_id", isLed ? denied.Link.Trace.ToString("x32", CultureInfo.InvariantCulture) : null);
        Number("last_denied_span_ended_at", isLed ? denied.EndUnixMillis / 1e3 : null);
    }

    private void WriteTool(StatusRow row)
    {
        Number("calls", row.Sum(StatusColumns.Calls));
        Number("ungated_calls", row.Sum(StatusColumns.Ungated));
        Number("p95_seconds", row.Quantile(.95, StatusColumns.ToolBuckets, history.ToolBounds));
    }

    private void WriteModel(StatusRow row)
    {
        Number("calls", row.Sum(StatusColumns.Calls, DimensionText.Statuses.Length));
        Number("errors", row.Sum(StatusColumns.ModelErrors));
        json.WriteStartObject("tokens");
        for (int type = 0; type < DimensionText.TokenTypes.Length; type++)
        {
            Number(DimensionText.TokenTypes[type], row.Sum(StatusColumns.Tokens + type));
        }

        json.WriteEndObject();
        Number("cost_usd", row.Sum(StatusColumns.Cost));
    }

    private void Numbers(string property, List<double> values)
    {
        json.WriteStartArray(property);
        values.ForEach(json.WriteNumberValue);
        json.WriteEndArray();
    }

    private void Number(string property, double? value) => WorkerHealthWriter.Number(json, property, value);
}
