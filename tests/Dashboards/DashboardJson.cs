using System.Text.Json.Nodes;

namespace SpanMetrics.Dashboards;

/// <summary>A dashboard as Grafana reads it from a file: the classic JSON, since file provisioning refuses the v2 one.</summary>
internal static class DashboardJson
{
    private const int Columns = 24;
    private const int StatHeight = 4;
    private const int PanelHeight = 8;

    public static JsonObject Of(DashboardSource source, CommonSource common) => new()
    {
        ["uid"] = source.Uid,
        ["id"] = null,
        ["title"] = source.Title,
        ["description"] = source.Description,
        ["tags"] = new JsonArray("spanmetrics"),
        ["schemaVersion"] = 39,
        ["version"] = 1,
        ["editable"] = false,
        ["graphTooltip"] = 1, // one crosshair for all panels
        ["timezone"] = "browser",
        ["refresh"] = "30s",
        ["time"] = new JsonObject { ["from"] = "now-1h", ["to"] = "now" },
        ["annotations"] = new JsonObject { ["list"] = new JsonArray(Alerts()) },
        ["links"] = new JsonArray(OtherDashboards()),
        ["templating"] = new JsonObject
        {
            ["list"] = new JsonArray([Source("datasource", "Metrics", "prometheus"), Source("tempo", "Traces", "tempo"), .. source.Variables.Select(name => Variable(name, common))]),
        },
        ["panels"] = Panels(source, common),
    };

    private static JsonArray Panels(DashboardSource source, CommonSource common)
    {
        var panels = new JsonArray();
        var y = 0;
        foreach (RowSource row in source.Rows)
        {
            Add(Row(row), x: 0, width: Columns, height: 1);
            y++;
            int x = 0, tallest = 0;
            foreach (PanelSource panel in row.Panels)
            {
                int height = panel.Height ?? (panel.Type == "stat" ? StatHeight : PanelHeight);
                if (x + panel.Width > Columns)
                {
                    (x, y, tallest) = (0, y + tallest, 0);
                }

                Add(PanelJson.Of(panel, common), x, panel.Width, height);
                (x, tallest) = (x + panel.Width, Math.Max(tallest, height));
            }

            y += tallest;
        }

        return panels;

        void Add(JsonObject panel, int x, int width, int height)
        {
            panel["id"] = panels.Count + 1;
            panel["gridPos"] = new JsonObject { ["x"] = x, ["y"] = y, ["w"] = width, ["h"] = height };
            panels.Add(panel);
        }
    }

    private static JsonObject Row(RowSource row)
    {
        var json = new JsonObject { ["type"] = "row", ["title"] = row.Title, ["collapsed"] = false, ["panels"] = new JsonArray() };
        if (row.Repeat is string variable)
        {
            json["repeat"] = variable;
        }

        return json;
    }

    private static JsonObject Source(string name, string label, string type) => new()
    {
        ["type"] = "datasource",
        ["name"] = name,
        ["label"] = label,
        ["query"] = type,
        ["multi"] = false,
        ["includeAll"] = false,
    };

    // No value is empty, so .+ is all of them; and it matches no series that lacks the label.
    private static JsonObject Variable(string name, CommonSource common) => new()
    {
        ["type"] = "query",
        ["name"] = name,
        ["label"] = common.Variables[name].Label,
        ["datasource"] = PanelJson.Metrics(),
        ["query"] = new JsonObject { ["qryType"] = 1, ["query"] = common.Variables[name].Query, ["refId"] = name },
        ["refresh"] = 2, // when the time changes
        ["sort"] = 1,
        ["multi"] = true,
        ["includeAll"] = true,
        ["allValue"] = ".+",
        ["current"] = new JsonObject { ["text"] = new JsonArray("All"), ["value"] = new JsonArray("$__all") },
    };

    private static JsonObject Alerts()
    {
        const string Firing = """ALERTS{alertstate="firing", alertname=~"(Agent|SpanMetrics).+", alertname!="SpanMetricsWatchdog"}""";
        return new JsonObject
        {
            ["name"] = "Alerts",
            ["datasource"] = PanelJson.Metrics(),
            ["enable"] = true,
            ["iconColor"] = "red",
            ["target"] = new JsonObject { ["expr"] = Firing, ["refId"] = "alerts" },
            ["titleFormat"] = "{{alertname}}",
            ["textFormat"] = "{{severity}} {{service_name}} {{tool}} {{model}} {{instance}}",
            ["tagKeys"] = "severity,category",
        };
    }

    private static JsonObject OtherDashboards() => new()
    {
        ["type"] = "dashboards",
        ["title"] = "SpanMetrics",
        ["tags"] = new JsonArray("spanmetrics"),
        ["keepTime"] = true,
        ["includeVars"] = true,
        ["asDropdown"] = false,
        ["targetBlank"] = false,
        ["icon"] = "external link",
        ["tooltip"] = "",
        ["url"] = "",
    };
}
