using SpanMetrics.Configuration;
using SpanMetrics.Ingest;
using SpanMetrics.Tests.Support;
using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Unit;

/// <summary>The section <c>dimensions</c>: attributes of a user's own as labels.</summary>
public sealed class DimensionTests : IDisposable
{
    private const string Calls = "traces_spanmetrics_calls_total";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_attribute_of_the_span_goes_before_the_resources_and_the_default_comes_last()
    {
        byte[] gold = ResourceSpans(
            Resource(ResourceAttribute("service.name", "desk"), ResourceAttribute("acme.tier", "gold")),
            ScopeSpans(Span("a", Attribute("acme.tier", "silver")), Span("b")));

        MetricsPage page = PageOf("dimensions=[{attribute: acme.tier, default: free}]", gold, Record("other", "x", Span("c"), Span("d", Attribute("acme.tier", ""))));

        Assert.Equal(
            ["desk a silver 1", "desk b gold 1", "other c free 1", "other d free 1"],
            page.Family(Calls).Select(sample => $"{sample.Labels["service_name"]} {sample.Labels["span_name"]} {sample.Labels["acme_tier"]} {sample.Value}"));
        Assert.DoesNotContain(page.Samples, sample => sample.Name.StartsWith("agent_", StringComparison.Ordinal) && sample.Labels.ContainsKey("acme_tier"));
    }

    [Theory]
    [InlineData("acme.shard", null, "acme_shard")]
    [InlineData("9lives", null, "key_9lives")]
    [InlineData("acme.shard", "shard", "shard")]
    public void The_label_has_the_name_that_is_given_or_that_of_the_key(string key, string? name, string label)
    {
        MetricsPage page = PageOf($"dimensions=[{{attribute: {key}{(name is null ? "" : $", name: {name}")}}}]", Record("desk", "x", Span("a", Attribute(key, 7L))));

        Assert.Equal("7", Assert.Single(page.Family(Calls)).Labels[label]);
    }

    [Fact]
    public void A_span_without_the_attribute_has_none_and_a_default_that_is_empty_leaves_the_label_out()
    {
        byte[] record = Record("desk", "x", Span("a"));

        Assert.Equal("none", Assert.Single(PageOf("dimensions=[{attribute: acme.tier}]", record).Family(Calls)).Labels["acme_tier"]);
        Assert.DoesNotContain("acme_tier", Assert.Single(PageOf("dimensions=[{attribute: acme.tier, default: ''}]", record).Family(Calls)).Labels.Keys);
    }

    [Fact]
    public void Values_are_mapped_by_the_first_pattern_that_fits_and_one_that_fits_all_closes_the_set()
    {
        MetricsPage page = PageOf(
            "dimensions=[{attribute: http.status, name: answer, values: {'404': missing, '4*': refused, '2*': '', '*': other}}]",
            Record("desk", "x", [.. "404 403 200 500 999".Split(' ').Select(status => Span("a", Attribute("http.status", status)))]));

        Assert.Equal(
            ["missing 1", "none 1", "other 2", "refused 1"],
            page.Family(Calls).Select(sample => $"{sample.Labels["answer"]} {sample.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Beyond_its_limit_a_new_value_is_overflow_and_takes_no_room_of_other_labels()
    {
        byte[][] spans = [.. Enumerable.Range(0, 500).Select(i => Span("a", Attribute("acme.id", $"id{i}"))), Span("a", Attribute("acme.id", "id1"))];

        MetricsPage page = PageOf("dimensions=[{attribute: acme.id, limit: 3, values: {id499: last}}]", Record("desk", "x", spans));

        Assert.Equal(
            ["__overflow__ 496", "id0 1", "id1 2", "id2 1", "last 1"],
            page.Family(Calls).Select(sample => $"{sample.Labels["acme_id"]} {sample.Value}").Order(StringComparer.Ordinal));
        Assert.Equal(496, page.Sum("spanmetrics_series_overflow_total", ("view", "traces_spanmetrics")));
        Assert.InRange(page.Sum("spanmetrics_label_values"), 1, 100);
    }

    [Fact]
    public void At_the_limit_of_series_the_dimension_is_overflow_and_the_service_stays()
    {
        byte[][] spans = [.. Enumerable.Range(0, 10).Select(i => Span("a", Attribute("acme.id", $"id{i}")))];

        MetricsPage page = PageOf(["dimensions=[{attribute: acme.id}]", "views.traces_spanmetrics.series=4"], Record("desk", "x", spans));

        Assert.Equal(6, page.Sum(Calls, ("acme_id", "__overflow__"), ("service_name", "desk")));
        Assert.Equal(10, page.Sum(Calls));
    }

    [Fact]
    public void What_cannot_be_shown_in_a_label_is_made_harmless_as_in_any_other()
    {
        MetricsPage page = PageOf("dimensions=[{attribute: acme.x}]", Record("desk", "x", Span("a", Attribute("acme.x", "a\"b\nc")), Span("b", Attribute("acme.x", "__overflow__"))));

        Assert.Equal(["a_b_c", "_overflow_"], page.Family(Calls).Select(sample => sample.Labels["acme_x"]));
    }

    [Fact]
    public void A_view_that_names_it_has_it_behind_its_own_labels_and_may_rename_it()
    {
        byte[] record = Record("desk", "kitelogik.tether", Span("policy_gate.evaluate", Attribute("kitelogik.tool_name", "pay"), Attribute("acme.tier", "gold")));

        MetricsPage page = PageOf(
            ["dimensions=[{attribute: acme.region}, {attribute: acme.tier, name: tier}]", "views.agent_decisions={dimensions: [tier, tool], labels: {tier: customer_tier}}", "views.traces_spanmetrics.dimensions=[service_name]"],
            record);

        Assert.Equal("""agent_decisions_total{tool="pay",customer_tier="gold"} 1""", Assert.Single(page.Family("agent_decisions_total")).ToString());
        Assert.Equal("""traces_spanmetrics_calls_total{service_name="desk"} 1""", Assert.Single(page.Family(Calls)).ToString());
    }

    [Fact]
    public void What_a_call_counts_beside_its_spans_has_the_values_of_its_spans()
    {
        byte[] Model(byte id, byte parent, params byte[][] fields) =>
            Span("chat m", [Bytes(1, new byte[16].Select((_, i) => (byte)(i + 1)).ToArray()), Bytes(2, [id, 1, 1, 1, 1, 1, 1, 1]), .. parent == 0 ? Array.Empty<byte[]>() : [Bytes(4, [parent, 1, 1, 1, 1, 1, 1, 1])],
                Fixed64(7, 1_000), Fixed64(8, 2_000), Attribute("gen_ai.operation.name", "chat"), Attribute("gen_ai.request.model", "m"), .. fields]);
        byte[] record = Record(
            "desk", "x",
            Model(1, 0, Attribute("gen_ai.usage.input_tokens", 5L), Attribute("acme.tier", "gold")),
            Model(2, 1, Attribute("acme.region", "eu")));

        MetricsPage page = PageOf(
            ["dimensions=[{attribute: acme.tier}, {attribute: acme.region}]", "views.agent_tokens.dimensions=[acme_tier, acme_region]", "views.agent_model_calls.dimensions=[acme_tier, acme_region]"],
            record);

        Assert.Equal("""agent_model_calls_total{acme_tier="gold",acme_region="eu"} 1""", Assert.Single(page.Family("agent_model_calls_total")).ToString());
        Assert.Equal("""agent_tokens_total{acme_tier="gold",acme_region="eu"} 5""", Assert.Single(page.Family("agent_tokens_total")).ToString());
    }

    [Fact]
    public void A_record_that_is_counted_in_parts_keeps_the_values_with_their_spans()
    {
        byte[][] spans = [.. Enumerable.Range(0, 40_000).Select(i => Span("a", Attribute("acme.parity", i % 4 == 0 ? "even" : "odd")))];

        MetricsPage page = PageOf("dimensions=[{attribute: acme.parity}]", Record("desk", "x", spans));

        Assert.Equal((10_000, 30_000), (page.Sum(Calls, ("acme_parity", "even")), page.Sum(Calls, ("acme_parity", "odd"))));
    }

    [Fact]
    public void A_log_record_has_them_too()
    {
        MetricsPage page = CorpusReplay.PageOf(
            [], [ResourceLogs(Service("desk"), ScopeLogs(Scope("x"), LogRecord("deployed", LogAttribute("acme.tier", "gold"))))],
            "dimensions=[{attribute: acme.tier}]", "views.agent_log_events.dimensions=[event, acme_tier]");

        Assert.Equal("""agent_log_events_total{event="deployed",acme_tier="gold"} 1""", Assert.Single(page.Family("agent_log_events_total")).ToString());
    }

    [Fact]
    public void Every_mistake_is_told_with_file_line_and_key()
    {
        string file = _folder.Write("c.yml", """
            dimensions:
              - { attribute: acme.tier, limit: 0 }
              - { name: tool, attribute: acme.x }
              - attribute: acme.y
                name: le
              - { attribute: acme_tier }
              - { name: z }
              - { attribute: gen_ai.prompt }
              - { atribute: w }
            profile: prometheus
            views:
              agent_decisions: { dimensions: [acme_tire], unit: hours }
              agent_tokens: { unit: seconds }
            """);

        IReadOnlyList<string> errors = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(file, [], new Dictionary<string, string>())).Errors;

        string[] expected =
        [
            ":2: dimensions[0].limit: 0 is outside", ":3: dimensions[1].name: \"tool\" is a label that is there already", ":5: dimensions[2].name: \"le\" belongs to Prometheus",
            ":6: dimensions[3]: \"acme_tier\" is there twice", ":7: dimensions[4].attribute: must not be empty", ":8: dimensions[5].attribute: a label must not be taken from gen_ai.prompt",
            ":9: unknown key \"dimensions[6].atribute\"", ":10: profile must be one of default, collector, tempo", ":12: views.agent_decisions.dimensions[0]: there is no dimension \"acme_tire\"; did you mean \"acme_tier\"",
            ":12: views.agent_decisions.unit must be one of seconds, milliseconds", ":13: views.agent_tokens.unit: the view agent_tokens only counts",
        ];
        Assert.All(expected, part => Assert.Contains(errors, error => error.StartsWith(file, StringComparison.Ordinal) && error.Contains(part, StringComparison.Ordinal)));
        Assert.Equal(expected.Length + 1, errors.Count); // the key that is none leaves an entry without an attribute
    }

    [Fact]
    public void More_attributes_than_there_is_room_for_are_told() =>
        Assert.Contains(
            "dimensions: the rules of all emitters, and dimensions, ask for",
            Assert.Single(Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(
                null, [$"dimensions=[{string.Join(", ", Enumerable.Range(0, 256).Select(i => $"{{attribute: acme.x{i}}}"))}]"], new Dictionary<string, string>())).Errors),
            StringComparison.Ordinal);

    private static MetricsPage PageOf(string set, params byte[][] records) => PageOf([set], records);

    private static MetricsPage PageOf(string[] sets, params byte[][] records) => CorpusReplay.PageOf(records, [], sets);
}
