using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SpanMetrics.Dashboards;
using SpanMetrics.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace SpanMetrics.Tests.House;

/// <summary>What all dashboards have in common. docs/dashboards.md says what no test looks at.</summary>
public sealed partial class DashboardTests
{
    // Known to @grafana/data 12.4, which takes 170 MB to ask.
    private static readonly string[] Units = ["short", "percentunit", "s", "cpm", "cps", "Bps", "bytes", "currencyUSD", "dateTimeAsIso"];
    private static readonly string[] Transformations = ["merge", "organize", "groupingToMatrix"];
    private static readonly string[] Reducers = ["lastNotNull", "max"];

    public static TheoryData<string> Names => [.. ShippedDashboard.All.Select(dashboard => dashboard.Name)];

    [Fact]
    public void Each_dashboard_is_what_make_dashboards_makes_of_its_source()
    {
        Dictionary<string, string> generated = DashboardFiles.Generated(Repository.PathOf("dashboards")).ToDictionary(file => file.File, file => file.Json);

        Assert.Equal(generated.Keys.Order(StringComparer.Ordinal), ShippedDashboard.All.Select(dashboard => dashboard.File));
        Assert.All(generated, file => Assert.Equal(file.Value, File.ReadAllText(file.Key)));
    }

    [Fact]
    public void Dashboards_have_addresses_of_their_own() => Assert.Equal(
        ["spanmetrics-agents", "spanmetrics-decisions", "spanmetrics-models", "spanmetrics-tools", "spanmetrics-worker"],
        ShippedDashboard.All.Select(dashboard => (string?)dashboard.Json["uid"]));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_dashboard_can_be_provisioned_and_leads_to_the_others(string name)
    {
        JsonNode json = Of(name).Json;

        Assert.Equal(39, (int)json["schemaVersion"]!);
        Assert.True(json.AsObject().TryGetPropertyValue("id", out JsonNode? id) && id is null);
        Assert.False((bool)json["editable"]!);
        Assert.Equal(1, (int)json["graphTooltip"]!);
        Assert.DoesNotContain("__inputs", json.ToJsonString(), StringComparison.Ordinal);
        Assert.NotEmpty((string)json["title"]!);
        Assert.NotEmpty((string)json["description"]!);
        JsonNode link = Assert.Single(json["links"]!.AsArray())!;
        Assert.True((bool)link["keepTime"]! && (bool)link["includeVars"]!);
        Assert.Contains((string)link["tags"]![0]!, json["tags"]!.AsArray().Select(tag => (string)tag!));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_panel_says_what_it_shows_in_which_unit(string name)
    {
        ShippedDashboard dashboard = Of(name);

        Assert.Equal(Enumerable.Range(1, dashboard.Panels.Count()), dashboard.Panels.Select(panel => (int)panel["id"]!));
        Assert.All(dashboard.Panels, panel => Assert.NotEmpty((string)panel["title"]!));
        Assert.All(dashboard.Charts, panel =>
        {
            Assert.NotEmpty((string)panel["description"]!);
            Assert.NotEmpty(panel["targets"]!.AsArray());
            Assert.Empty(Named(panel["fieldConfig"]!, "unit").Except(Units));
            Assert.Contains((string)panel["fieldConfig"]!["defaults"]!["unit"]!, Units);
            Assert.Empty((panel["transformations"]?.AsArray() ?? []).Select(one => (string)one!["id"]!).Except(Transformations));
            Assert.Empty(Calculations().Matches(panel.ToJsonString()).SelectMany(calcs => Word().Matches(calcs.Groups["names"].Value)).Select(word => word.Value).Except(Reducers));
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void All_data_comes_from_the_chosen_source(string name)
    {
        ShippedDashboard dashboard = Of(name);
        JsonNode?[] sources =
        [
            .. dashboard.Charts.Select(panel => panel["datasource"]),
            .. dashboard.Charts.SelectMany(panel => panel["targets"]!.AsArray()).Select(target => target!["datasource"]),
            .. dashboard.Variables.Where(variable => (string?)variable["type"] == "query").Select(variable => variable["datasource"]),
            .. dashboard.Annotations.Select(annotation => annotation["datasource"]),
        ];

        Assert.All(sources, source => Assert.Equal("${datasource}", (string?)source?["uid"]));
        Assert.Equal(["datasource", "tempo"], dashboard.Variables.Where(variable => (string?)variable["type"] == "datasource").Select(variable => (string)variable["name"]!));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Variables_follow_the_time_and_each_other(string name)
    {
        ShippedDashboard dashboard = Of(name);

        Assert.All(dashboard.Variables.Where(variable => (string?)variable["type"] == "query"), variable =>
        {
            Assert.Equal(2, (int)variable["refresh"]!);
            Assert.Equal(".+", (string?)variable["allValue"]);
            Assert.NotEmpty((string)variable["label"]!);
        });
        Assert.Equal("label_values(spanmetrics_build_info, job)", dashboard.VariableQueries.First());
        Assert.All(dashboard.VariableQueries.Skip(1), query => Assert.Contains("job=~\"$job\"", query, StringComparison.Ordinal));
    }

    /// <summary>What rules/ makes has no job: it is of all of them.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_query_asks_for_the_chosen_jobs_and_for_windows_that_fit_the_scrape_interval(string name)
    {
        HashSet<string> records = [.. ShippedRules.Rules.Select(rule => ShippedRules.Text(rule, "record"))];

        Assert.All(Of(name).Queries, query =>
        {
            Match[] selectors = [.. Selector().Matches(query.Text).Cast<Match>()];
            Assert.NotEmpty(selectors);
            Assert.All(selectors, selector => Assert.True(
                records.Contains(selector.Groups["metric"].Value) || selector.Groups["matchers"].Value.Contains("job=~\"$job\"", StringComparison.Ordinal),
                $"{query.Place} asks {selector.Value} of every job"));
            Assert.All(Window().Matches(query.Text), window => Assert.Contains(window.Groups["text"].Value, (string[])["$__rate_interval", "$__range", "$__range:$__interval"]));
            // Exemplars of what rules/ makes are always empty.
            Assert.True(!query.Exemplars || !selectors.Any(selector => records.Contains(selector.Groups["metric"].Value)), query.Place);
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Links_of_panels_lead_to_dashboards_and_to_searches_that_there_are(string name)
    {
        HashSet<string> uids = [.. ShippedDashboard.All.Select(dashboard => (string)dashboard.Json["uid"]!)];
        foreach (JsonNode panel in Of(name).Charts)
        {
            foreach (string url in (panel["fieldConfig"]!["defaults"]!["links"]?.AsArray() ?? []).Select(link => (string)link!["url"]!))
            {
                if (url.StartsWith("/explore?", StringComparison.Ordinal))
                {
                    JsonNode panes = JsonNode.Parse(Uri.UnescapeDataString(url[(url.IndexOf("panes=", StringComparison.Ordinal) + "panes=".Length)..]))!;
                    Assert.Matches(@"^\{ span\..*\$\{__(field\.labels|data\.fields)\.\w+:percentencode\}"" \}$", (string)panes["traces"]!["queries"]![0]!["query"]!);
                }
                else
                {
                    Assert.Contains(Uid().Match(url).Groups["uid"].Value, uids);
                    Assert.Contains("${__url_time_range}", url, StringComparison.Ordinal);
                }

                // The label that is clicked is one that the queries leave.
                Assert.All(Clicked().Matches(url), label => Assert.All(
                    panel["targets"]!.AsArray(), target => Assert.Matches($@"by \([^)]*\b{label.Groups["label"].Value}\b", (string)target!["expr"]!)));
            }
        }
    }

    [Fact]
    public void Grafana_is_provisioned_with_the_scrape_interval_and_with_traces_behind_exemplars()
    {
        YamlMappingNode prometheus = ShippedRules.Load(Repository.PathOf("compose", "prometheus.yml"));
        YamlMappingNode[] sources = [.. ShippedRules.Items(ShippedRules.Load(Repository.PathOf("compose", "grafana", "provisioning", "datasources", "spanmetrics.yml")), "datasources")];
        YamlNode metrics = Assert.Single(sources, source => source["type"].ToString() == "prometheus")["jsonData"];
        YamlNode traces = Assert.Single(sources, source => source["type"].ToString() == "tempo");

        Assert.Equal(prometheus["global"]["scrape_interval"], metrics["timeInterval"]);
        YamlNode destination = Assert.Single((YamlSequenceNode)metrics["exemplarTraceIdDestinations"]);
        Assert.Equal(traces["uid"], destination["datasourceUid"]);
        Assert.Equal("trace_id", destination["name"].ToString());
    }

    private static ShippedDashboard Of(string name) => ShippedDashboard.All.Single(dashboard => dashboard.Name == name);

    private static IEnumerable<string> Named(JsonNode fields, string property) =>
        fields["overrides"]!.AsArray().SelectMany(one => one!["properties"]!.AsArray()).Where(one => (string?)one!["id"] == property).Select(one => (string)one!["value"]!);

    // Metrics are known by their prefix; functions and labels have none of these.
    [GeneratedRegex("""(?<metric>\b(?:agent|traces|spanmetrics|process|dotnet|scrape|service|service_tool|instance)[_:][a-z0-9_:]*|\bup)\b(?![ ]*[,)=!(])(?:\{(?<matchers>[^}]*)\})?""")]
    private static partial Regex Selector();

    [GeneratedRegex("""\[(?<text>[^\]]+)\]""")]
    private static partial Regex Window();

    [GeneratedRegex(""""calcs":\[(?<names>[^\]]*)\]"""")]
    private static partial Regex Calculations();

    [GeneratedRegex("""\w+""")]
    private static partial Regex Word();

    [GeneratedRegex("""^/d/(?<uid>[\w-]+)\?""")]
    private static partial Regex Uid();

    [GeneratedRegex("""\$\{__(?:field\.labels|data\.fields)\.(?<label>\w+):""")]
    private static partial Regex Clicked();
}
