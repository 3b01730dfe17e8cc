using SpanMetrics.Aggregation;
using SpanMetrics.Configuration;
using SpanMetrics.Exposition;
using SpanMetrics.Pipeline;
using SpanMetrics.Semantics;
using SpanMetrics.Tests.Support;
using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Unit;

/// <summary>Everything but the names of labels, which are in <see cref="ViewLabelTests"/>.</summary>
public sealed class ViewOptionsTests
{
    private const string DeniedByAgent = "views.denied_by_agent={match: decision, dimensions: [agent, outcome]}";

    // Of the service desk: two denies and an allow of the tools a, b and a, and one span of a model.
    private static readonly byte[] Spans = Join(
        Record("desk", "kitelogik.tether", Decision("a", deny: true), Decision("b", deny: true), Decision("a", deny: false)),
        Record("desk", "kitelogik.agent", Span("gen_ai.chat")));

    [Fact]
    public void A_view_of_ones_own_has_families_of_its_name_and_the_labels_that_it_names()
    {
        MetricsPage page = PageOf(DeniedByAgent);

        Assert.Equal(("counter", "histogram"), (page.Types["denied_by_agent_total"], page.Types["denied_by_agent_duration_seconds"]));
        Assert.Equal(
            ["""denied_by_agent_total{agent="desk",outcome="deny"} 2""", """denied_by_agent_total{agent="desk",outcome="allow"} 1"""],
            page.Family("denied_by_agent_total").Select(sample => sample.ToString()));
        Assert.Equal(3, page.Sum("denied_by_agent_duration_seconds_count"));
        Assert.Equal(3, page.Sum("agent_decisions_total"));
        Assert.Contains("# HELP denied_by_agent_total Of spans what match: decision counts.\n", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_view_needs_no_other_view()
    {
        MetricsPage page = PageOf([DeniedByAgent, .. Printed.DefaultViews.Select(view => $"views.{view.Name}.enabled=false")]);

        Assert.Equal(2, page.Sum("denied_by_agent_total", ("agent", "desk"), ("outcome", "deny")));
        Assert.DoesNotContain("traces_spanmetrics_calls_total", page.Types.Keys);
        Assert.DoesNotContain("agent_decisions_total", page.Types.Keys);
        Assert.Equal((3, 1), (page.Sum("spanmetrics_input_spans_total", ("outcome", "counted")), page.Sum("spanmetrics_input_spans_total", ("outcome", "filtered"))));
    }

    [Fact]
    public void A_view_has_the_labels_in_the_order_in_which_they_are_named()
    {
        MetricsPage page = PageOf("views.agent_decisions={dimensions: [outcome, tool, service_name], labels: {tool: tool_name}}");

        Assert.Equal(
            """agent_decisions_total{outcome="deny",tool_name="a",service_name="desk"} 1""",
            page.Family("agent_decisions_total").First().ToString());
    }

    [Theory]
    [InlineData("decision", 3)]
    [InlineData("llm", 1)]
    [InlineData("tool", 0)]
    [InlineData("all", 4)]
    public void A_view_counts_the_spans_of_its_class(string match, double spans)
    {
        Assert.Equal(spans, PageOf($"views.mine={{match: {match}, dimensions: [service_name]}}").Sum("mine_total"));
        Assert.Equal(spans, PageOf($"views.agent_decisions.match={match}").Sum("agent_decisions_total"));
    }

    [Fact]
    public void A_view_has_its_own_buckets_and_limit()
    {
        MetricsPage page = PageOf("views.agent_decisions={buckets: [.01, 0.5, 1e2], series: 1}");

        Assert.Equal(["0.01", "0.5", "100", "+Inf"], page.Family("agent_decision_duration_seconds_bucket").Select(bucket => bucket.Labels["le"]).Distinct());
        Assert.Equal(1, page.Sum("spanmetrics_series_limit", ("view", "agent_decisions")));
        Assert.Equal(100_000, page.Sum("spanmetrics_series_limit", ("view", "traces_spanmetrics")));
        Assert.Equal(1, page.Sum("agent_decisions_total", ("tool", "a"), ("outcome", "deny")));
        Assert.Equal(1, page.Sum("agent_decisions_total", ("tool", "__overflow__"), ("outcome", "deny")));
    }

    [Fact]
    public void A_decision_in_two_views_is_one_decision_on_the_page_for_people()
    {
        ReplaySink sink = SinkOf("views.by_tool={match: decision, dimensions: [tool, outcome]}", "views.all={match: all, dimensions: [tool, outcome]}");
        sink.Take(Spans, isNull: false);

        List<DecisionShare> tools = DecisionShare.By(Dimension.Tool, sink.Fold());

        Assert.Equal([("a", 2, 1), ("b", 1, 1)], tools.Select(tool => (tool.Value, tool.Decisions, tool.Denied)));
    }

    [Theory]
    [InlineData("mine={dimensions: [tool]}", "views.mine: there is no view \"mine\" (known here: traces_spanmetrics, agent_decisions, agent_tool_calls,")]
    [InlineData("agent_decision={labels: {tool: x}}", "views.agent_decision: there is no view \"agent_decision\" (did you mean \"agent_decisions\"?)")]
    [InlineData("mine={match: decision}", "views.mine: there is no view \"mine\"")]
    [InlineData("mine={match: decisions, dimensions: [tool]}", "views.mine.match: there is nothing to count by the name \"decisions\"; did you mean \"decision\"?")]
    [InlineData("agent_decisions.match=", "views.agent_decisions.match: there is nothing to count by the name \"\"; known here: decision, ignored,")]
    [InlineData("agent_decisions.dimensions=[tool, oucome]", "views.agent_decisions.dimensions[1]: there is no dimension \"oucome\"; did you mean \"outcome\"?")]
    [InlineData("agent_decisions.dimensions=[tool, x]", "there is no dimension \"x\"; known here: service_name, span_name,")]
    [InlineData("agent_decisions.dimensions=[tool, deny, tool]", "views.agent_decisions.dimensions[2]: \"tool\" is there twice; leave one out")]
    [InlineData("agent_decisions.dimensions=[]", "views.agent_decisions.dimensions: needs at least one entry")]
    [InlineData("agent_decisions.dimensions=[[tool]]", "views.agent_decisions.dimensions[0] must be a single value")]
    [InlineData("agent_decisions={dimensions: [tool], labels: {model: x}}", "views.agent_decisions.labels.model: the view agent_decisions has no label \"model\"; it has tool")]
    [InlineData("agent_decisions.buckets=[]", "views.agent_decisions.buckets: needs at least one entry")]
    [InlineData("agent_decisions.buckets=[1, 1s]", "views.agent_decisions.buckets[1] must be a number, not \"1s\"")]
    [InlineData("agent_decisions.buckets=[1, .5]", "views.agent_decisions.buckets[1]: 0.5 after 1; put the bounds in ascending order, each once")]
    [InlineData("agent_decisions.buckets=[1, 1.0]", "views.agent_decisions.buckets[1]: 1 after 1;")]
    [InlineData("agent_decisions.buckets=[0]", "views.agent_decisions.buckets[0]: 0 is outside 1E-09 to 1000000000 seconds")]
    [InlineData("agent_decisions.buckets=[-1]", "-1 is outside")]
    [InlineData("agent_decisions.buckets=[1, Infinity]", "Infinity is outside")]
    [InlineData("agent_decisions.buckets=[NaN]", "NaN is outside")]
    [InlineData("agent_decisions.buckets=[1e10]", "10000000000 is outside")]
    [InlineData("agent_decisions.series=0", "views.agent_decisions.series: 0 is outside 1 to 10000000")]
    [InlineData("agent_decisions.enabled=no", "views.agent_decisions.enabled must be true or false, not \"no\"")]
    [InlineData("9lives={match: all, dimensions: [tool]}", "\"9lives\" cannot begin the name of a metric")]
    [InlineData("a-b={match: all, dimensions: [tool]}", "\"a-b\" cannot begin the name of a metric")]
    [InlineData("'a:b'={match: all, dimensions: [tool]}", "cannot begin the name of a metric")]
    [InlineData("spanmetrics_input={match: all, dimensions: [tool]}", "names that begin with spanmetrics_, process_, dotnet_, scrape_ belong to the worker and to Prometheus")]
    [InlineData("spanmetrics={match: all, dimensions: [tool]}", "belong to the worker and to Prometheus")]
    [InlineData("scrape={match: all, dimensions: [tool]}", "belong to the worker and to Prometheus")]
    [InlineData("agent_decision={match: all, dimensions: [tool]}", "views.agent_decision: the view agent_decisions has families of these names; take another name")]
    [InlineData("traces_spanmetrics_calls={match: all, dimensions: [tool]}", "the view traces_spanmetrics has families of these names")]
    [InlineData("traces_spanmetrics_duration_seconds_count={match: all, dimensions: [tool]}", "the view traces_spanmetrics has families of these names")]
    public void A_mistake_in_a_view_is_told_with_its_key_and_what_to_do(string set, string problem) =>
        Assert.Contains(problem, Assert.Single(Errors($"views.{set}")), StringComparison.Ordinal);

    [Fact]
    public void At_least_one_view_stays_on() =>
        Assert.Contains("views: all views are switched off; leave one on", Assert.Single(Errors([.. Printed.DefaultViews.Select(view => $"views.{view.Name}.enabled=false")])), StringComparison.Ordinal);

    [Fact]
    public void There_are_at_most_fifty_views_of_sixty_buckets()
    {
        string[] views = [.. Enumerable.Range(1, 50 - Printed.DefaultViews.Length).Select(i => $"views.mine{i}={{match: all, dimensions: [tool]}}")];
        string buckets = $"views.agent_decisions.buckets=[{string.Join(", ", Enumerable.Range(1, 60))}]";

        Assert.Equal(views.Length, Load([.. views, buckets]).Views.Count - 1);
        Assert.Equal(
            ["--set views.agent_decisions.buckets: views.agent_decisions.buckets: 61 buckets are too many; 60 are the most", "--set views.agent_decisions.buckets: views: 51 views are too many; 50 are the most"],
            Errors([.. views, "views.one_more={match: all, dimensions: [tool]}", buckets.Replace("[", "[0.5, ", StringComparison.Ordinal)]));
    }

    [Fact]
    public void All_mistakes_are_told_at_once_with_file_and_line()
    {
        using var folder = new TempFolder();
        string file = folder.Write("c.yml", """
            views:
              mine:
                match: decision
                dimensions:
                  - tool
                  - tol
                buckets: [.1, .1]
              yours: {}
              agent_decisions:
                match: al
                labels: { tool: model }
            """);

        IReadOnlyList<string> errors = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(file, [], new Dictionary<string, string>())).Errors;

        Assert.Equal(
            [$"{file}:10: views.agent_decisions.match", $"{file}:11: views.agent_decisions.labels.model", $"{file}:6: views.mine.dimensions[1]", $"{file}:7: views.mine.buckets[1]", $"{file}:8: views.yours"],
            errors.Select(error => string.Join(": ", error.Split(": ")[..2])));
    }

    private static byte[] Decision(string tool, bool deny) => Span(
        "policy_gate.evaluate", Fixed64(7, 1), Fixed64(8, 2), Attribute("kitelogik.tool_name", tool), Attribute("kitelogik.policy.deny", deny), Attribute("kitelogik.policy.allow", !deny));

    private static MetricsPage PageOf(params string[] sets)
    {
        ReplaySink sink = SinkOf(sets);
        sink.Take(Spans, isNull: false);
        return Printed.Parsed(sink.Fold());
    }

    private static ReplaySink SinkOf(params string[] sets)
    {
        SpanMetricsOptions options = Load(sets);
        return new ReplaySink(SpanMetrics.Commands.CommonOptions.PipelineOf(options));
    }

    private static SpanMetricsOptions Load(params string[] sets) => ConfigurationLoader.Load(null, sets, new Dictionary<string, string>());

    private static IReadOnlyList<string> Errors(params string[] sets) => Assert.Throws<ConfigurationException>(() => Load(sets)).Errors;
}
