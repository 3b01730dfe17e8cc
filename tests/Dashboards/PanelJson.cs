using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SpanMetrics.Dashboards;

/// <summary>A panel, with every option that its type has: what is left out would depend on the version of Grafana.</summary>
internal static partial class PanelJson
{
    public static JsonObject Of(PanelSource panel, CommonSource common)
    {
        var json = new JsonObject
        {
            ["type"] = panel.Type,
            ["title"] = panel.Title,
            ["description"] = panel.Description,
            ["datasource"] = Metrics(),
            ["targets"] = new JsonArray([.. panel.Queries.Select((query, i) => Target(panel, RefId(i), query.Key, Expand(query.Value, common)))]),
            ["fieldConfig"] = new JsonObject { ["defaults"] = Defaults(panel), ["overrides"] = Overrides(panel) },
            ["options"] = panel.Type switch
            {
                "timeseries" => TimeSeriesOptions(),
                "stat" => StatOptions(panel),
                "table" => TableOptions(panel),
                "heatmap" => HeatmapOptions(panel),
                _ => throw new InvalidDataException($"panel \"{panel.Title}\" has the type \"{panel.Type}\", which is none of timeseries, stat, table, heatmap"),
            },
        };
        if (panel.Links.Count > 0)
        {
            string scope = panel.Type == "table" ? "__data.fields" : "__field.labels";
            json["fieldConfig"]!["defaults"]!["links"] = new JsonArray([.. panel.Links.Select(name => Link(common.Links[name], scope))]);
        }

        if (panel.Type == "table")
        {
            json["transformations"] = Transformations(panel);
        }

        return json;
    }

    public static JsonObject Metrics() => new() { ["type"] = "prometheus", ["uid"] = "${datasource}" };

    private static string RefId(int index) => ((char)('A' + index)).ToString();

    private static string Expand(string query, CommonSource common) => Name().Replace(query, match => common.Selectors[match.Groups["name"].Value]);

    private static JsonObject Target(PanelSource panel, string refId, string legend, string query)
    {
        bool instant = panel.Type is "stat" or "table";
        return new JsonObject
        {
            ["refId"] = refId,
            ["datasource"] = Metrics(),
            ["editorMode"] = "code",
            ["expr"] = query,
            ["legendFormat"] = legend,
            ["instant"] = instant,
            ["range"] = !instant,
            ["format"] = panel.Type switch { "table" => "table", "heatmap" => "heatmap", _ => "time_series" },
            ["exemplar"] = panel.Exemplars,
        };
    }

    private static JsonObject Defaults(PanelSource panel)
    {
        var steps = new JsonArray(new JsonObject { ["color"] = panel.Thresholds.Count > 0 ? "green" : "text", ["value"] = null });
        foreach ((string color, double value) in panel.Thresholds)
        {
            steps.Add(new JsonObject { ["color"] = color, ["value"] = value });
        }

        var defaults = new JsonObject
        {
            ["unit"] = panel.Unit,
            ["color"] = new JsonObject { ["mode"] = panel.Type == "timeseries" ? "palette-classic" : "thresholds" },
            ["thresholds"] = new JsonObject { ["mode"] = "absolute", ["steps"] = steps },
        };
        if (panel.Type == "timeseries")
        {
            defaults["min"] = 0;
            defaults["custom"] = new JsonObject
            {
                ["drawStyle"] = "line",
                ["lineWidth"] = 1,
                ["fillOpacity"] = panel.Stacked ? 40 : 0,
                ["showPoints"] = "auto",
                ["spanNulls"] = false,
                ["stacking"] = new JsonObject { ["mode"] = panel.Stacked ? "normal" : "none", ["group"] = "A" },
            };
        }
        else if (panel.Unit is "short" or "cpm")
        {
            defaults["decimals"] = 0; // increase() extrapolates, so that whole counts are fractions
        }

        return defaults;
    }

    private static JsonArray Overrides(PanelSource panel) =>
    [
        .. panel.Units.Select(column => new JsonObject
        {
            ["matcher"] = new JsonObject { ["id"] = "byName", ["options"] = column.Key },
            ["properties"] = new JsonArray(
                new JsonObject { ["id"] = "unit", ["value"] = column.Value },
                new JsonObject { ["id"] = "decimals", ["value"] = null }),
        }),
    ];

    private static JsonObject TimeSeriesOptions() => new()
    {
        ["legend"] = new JsonObject { ["calcs"] = new JsonArray("max", "lastNotNull"), ["displayMode"] = "table", ["placement"] = "bottom", ["showLegend"] = true },
        ["tooltip"] = new JsonObject { ["mode"] = "multi", ["sort"] = "desc" },
    };

    private static JsonObject StatOptions(PanelSource panel) => new()
    {
        ["colorMode"] = panel.Thresholds.Count > 0 ? "value" : "none",
        ["graphMode"] = "none",
        ["justifyMode"] = "auto",
        ["orientation"] = "auto",
        ["percentChangeColorMode"] = "standard",
        ["showPercentChange"] = false,
        ["textMode"] = "value",
        ["wideLayout"] = true,
        ["reduceOptions"] = new JsonObject { ["calcs"] = new JsonArray("lastNotNull"), ["fields"] = "", ["values"] = false },
    };

    private static JsonObject TableOptions(PanelSource panel)
    {
        var options = new JsonObject { ["cellHeight"] = "sm", ["frameIndex"] = 0, ["showHeader"] = true };
        if (panel.Sort is string column)
        {
            options["sortBy"] = new JsonArray(new JsonObject { ["displayName"] = column, ["desc"] = true });
        }

        return options;
    }

    private static JsonObject HeatmapOptions(PanelSource panel) => new()
    {
        ["calculate"] = false,
        ["cellGap"] = 1,
        ["color"] = new JsonObject { ["mode"] = "scheme", ["scheme"] = "Blues", ["scale"] = "exponential", ["exponent"] = 0.5, ["fill"] = "blue", ["reverse"] = false, ["steps"] = 64 },
        ["exemplars"] = new JsonObject { ["color"] = "orange" },
        ["filterValues"] = new JsonObject { ["le"] = 1e-9 },
        ["legend"] = new JsonObject { ["show"] = true },
        ["rowsFrame"] = new JsonObject { ["layout"] = "auto" },
        ["showValue"] = "never",
        ["tooltip"] = new JsonObject { ["mode"] = "single", ["showColorScale"] = false, ["yHistogram"] = false },
        ["yAxis"] = new JsonObject { ["axisPlacement"] = "left", ["reverse"] = false, ["unit"] = panel.Unit },
    };

    // Queries of a table come as one frame each, their values called "Value #A" and so on.
    private static JsonArray Transformations(PanelSource panel)
    {
        if (panel.Matrix is [var row, var column])
        {
            return [Transformation("groupingToMatrix", new JsonObject { ["rowField"] = row, ["columnField"] = column, ["valueField"] = "Value" })];
        }

        var names = new JsonObject();
        int i = 0;
        foreach (string name in panel.Queries.Keys)
        {
            names[$"Value #{RefId(i++)}"] = name;
        }

        return
        [
            Transformation("merge", []),
            Transformation("organize", new JsonObject { ["excludeByName"] = new JsonObject { ["Time"] = true }, ["indexByName"] = new JsonObject(), ["renameByName"] = names }),
        ];
    }

    private static JsonObject Transformation(string id, JsonObject options) => new() { ["id"] = id, ["options"] = options };

    private static JsonObject Link(LinkSource link, string scope) => new()
    {
        ["title"] = link.Title,
        ["url"] = Name().Replace(link.Url ?? Search(link.Traceql!), match => $"${{{scope}.{match.Groups["name"].Value}:percentencode}}"),
        ["targetBlank"] = link.Traceql is not null,
    };

    // What Grafana replaces when the link is clicked must not be encoded.
    private static string Search(string traceql)
    {
        var panes = new JsonObject
        {
            ["traces"] = new JsonObject
            {
                ["datasource"] = "${tempo}",
                ["queries"] = new JsonArray(new JsonObject
                {
                    ["refId"] = "A",
                    ["datasource"] = new JsonObject { ["type"] = "tempo", ["uid"] = "${tempo}" },
                    ["queryType"] = "traceql",
                    ["query"] = traceql,
                }),
                ["range"] = new JsonObject { ["from"] = "${__from}", ["to"] = "${__to}" },
            },
        };
        return "/explore?schemaVersion=1&panes=" + Placeholder().Replace(Uri.EscapeDataString(panes.ToJsonString(DashboardFiles.Plain)), match => Uri.UnescapeDataString(match.Value));
    }

    [GeneratedRegex("<(?<name>[a-z_]+)>")]
    private static partial Regex Name();

    // ${tempo} and <tool>, encoded.
    [GeneratedRegex("%24%7B[a-z_]+%7D|%3C[a-z_]+%3E")]
    private static partial Regex Placeholder();
}
