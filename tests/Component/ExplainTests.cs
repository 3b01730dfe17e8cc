using System.Text.Json;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Component;

/// <summary>On captures of real emitters, and on spans with what captures lack.</summary>
[Collection(ComponentGroup.Name)]
public sealed class ExplainTests : IDisposable
{
    // A model whose first source is empty and whose second says that there is none; a provider that kitelogik's value map takes away.
    private const string Gaps = """
        {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"desk"}}]},"scopeSpans":[{"scope":{"name":"kitelogik.agent"},"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"gen_ai.chat","startTimeUnixNano":"1","endTimeUnixNano":"1000000001","attributes":[{"key":"gen_ai.request.model","value":{"stringValue":""}},{"key":"llm.request.model","value":{"stringValue":"<elided>"}},{"key":"gen_ai.response.model","value":{"stringValue":"gpt-4o"}},{"key":"gen_ai.system","value":{"stringValue":"HouseClient"}}]}]}]}]}
        """;

    private const string OwnSpan = """
        {"resourceSpans":[{"scopeSpans":[{"scope":{"name":"acme.tools"},"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"run pay","startTimeUnixNano":"1","endTimeUnixNano":"2"}]}]}]}
        """;

    private const string OwnEmitter = """
        emitters:
          - emitter: acme
            match: { scope: acme.* }
            spans:
              - class: tool
                when: { name: run * }
            outcomes:
              - { class: tool, outcome: deny, reason: policy }
            tool:
              - { name: run (*) }
            agent:
              - { value: cashier }
        """;

    private static readonly string Kitelogik = SpanCapture.Kitelogik("adapter-0.4.0").File;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Explain_names_class_and_outcome_of_a_deny_and_where_each_dimension_came_from()
    {
        var result = await ProgramUnderTest.RunAsync("explain", Kitelogik);

        Assert.True(result.ExitCode == 0, result.ToString());
        var spans = result.Output.Split("\nspan ").Where(span => span.Contains("class decision, outcome deny, source kitelogik", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, spans.Count);
        Assert.All(spans, span =>
        {
            Assert.Matches(@"\n +class +decision +rule kitelogik\.yaml:6\n", span);
            Assert.Matches(@"\n +outcome +deny +rule kitelogik\.yaml:[0-9]+\n", span);
            Assert.Matches(@"\n +tool +run_command +attribute kitelogik\.tool_name\n", span);
            Assert.Matches(@"\n +risk_tier +SECURITY_CRITICAL +attribute kitelogik\.policy\.risk_tier\n", span);
            Assert.Matches(@"\n +service_name +support-desk +resource service\.name\n", span);
            Assert.Matches(@"\n +model +none +default\n", span);
            Assert.Contains("\n  moved: agent_decisions_total\n", span, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Json_says_the_same_and_one_trace_can_be_picked()
    {
        var all = await ItemsAsync(Kitelogik);
        var denies = all.Where(span => Text(span, "class") == "decision" && Text(span, "outcome") == "deny").ToList();
        Assert.Equal(2, denies.Count);
        Assert.All(denies, deny =>
        {
            Assert.Equal(("kitelogik", "kitelogik.yaml:6"), (Text(deny, "source"), Text(deny, "class_rule")));
            Assert.Equal(("run_command", "attribute kitelogik.tool_name"), Dimension(deny, "tool"));
        });
        var trace = Text(denies[0], "trace_id");
        Assert.Matches("^[0-9a-f]{32}$", trace);

        var picked = await ItemsAsync(Kitelogik, "--trace", trace.ToUpperInvariant());

        Assert.Equal(all.Where(span => Text(span, "trace_id") == trace).Select(span => Text(span, "span_id")), picked.Select(span => Text(span, "span_id")));
        Assert.True(picked.Count < all.Count);
    }

    [Fact]
    public async Task Of_nested_model_calls_the_inner_ones_name_the_span_that_counts_and_that_one_has_their_labels()
    {
        var all = await ItemsAsync(SpanCapture.Of("kagent/k010-openai-tools").File);
        var inner = all.First(span => Text(span, "class") == "llm" && Text(span, "source") == "openllmetry");

        var outer = Assert.Single(all, span => Text(span, "span_id") == Text(inner, "folded_into"));

        Assert.DoesNotContain("agent_model_calls_total", Moved(inner).Keys);
        Assert.DoesNotContain("agent_tokens_total", Moved(inner).Keys);
        Assert.Contains(Text(inner, "span_id"), Text(outer, "note"), StringComparison.Ordinal);
        Assert.Equal("kagent", Text(outer, "source"));
        Assert.Equal(("unknown", "default"), Dimension(outer, "provider"));
        Assert.Equal("openai", Text(Moved(outer)["agent_model_calls_total"][0].GetProperty("labels"), "provider"));
        Assert.Equal([100, 20], Moved(outer)["agent_tokens_total"].Select(Amount));
        Assert.Equal(["input", "output"], Moved(outer)["agent_tokens_total"].Select(tokens => Text(tokens.GetProperty("labels"), "token_type")));
    }

    [Fact]
    public async Task A_call_that_waits_for_a_span_of_a_later_record_says_so_and_so_does_that_span()
    {
        var inner = Span("0000000000000002", "0000000000000001", "opentelemetry.instrumentation.anthropic", "anthropic.chat", "gen_ai.task.id");
        var outer = Span("0000000000000001", "", "gcp.vertex.agent", "call_llm", "gen_ai.request.model");

        var all = await ItemsAsync(_folder.Write("cut.json", $"{inner}\n{outer}\n"));

        Assert.Equal("waits for the span around it", Text(all[0], "note"));
        Assert.DoesNotContain("agent_model_calls_total", Moved(all[0]).Keys);
        Assert.Equal("one call with span 0000000000000002 of an earlier record, which waited", Text(all[1], "note"));
        Assert.Contains("agent_model_calls_total", Moved(all[1]).Keys);
    }

    [Fact]
    public async Task A_dimension_of_ones_own_is_told_with_its_attribute_and_a_joined_call_with_the_value_that_it_has()
    {
        var inner = Span("0000000000000002", "0000000000000001", "opentelemetry.instrumentation.anthropic", "anthropic.chat", "acme.region");
        var outer = Span("0000000000000001", "", "gcp.vertex.agent", "call_llm", "gen_ai.request.model");
        var both = inner.TrimEnd()[..^"]}]}".Length] + "," + outer[outer.IndexOf("{\"scope\"", StringComparison.Ordinal)..];

        var all = await ItemsAsync(
            _folder.Write("own.json", both), "--set", "dimensions=[{attribute: acme.region, name: region}]", "--set", "views.agent_model_calls.dimensions=[model, region]");

        Assert.Equal(("m", "attribute acme.region"), Dimension(all[0], "region"));
        Assert.Equal(("none", "default"), Dimension(all[1], "region"));
        Assert.Equal("m", Text(Moved(all[1])["agent_model_calls_total"][0].GetProperty("labels"), "region"));
    }

    [Fact]
    public async Task A_gateways_denial_names_its_rule_and_what_is_ignored_names_its_own()
    {
        var all = await ItemsAsync(SpanCapture.Of("agentgateway/v141_mcp").File);

        var denial = all.First(span => Text(span, "outcome") == "deny");
        Assert.Equal(("agentgateway", "gateway"), (Text(denial, "source"), Text(denial, "class")));
        Assert.StartsWith("agentgateway.yaml:", Text(denial, "outcome_rule"), StringComparison.Ordinal);
        Assert.Equal(("mcp_policy", "rule " + Text(denial, "outcome_rule")), Dimension(denial, "reason"));
        Assert.Equal(("true", "rule " + Text(denial, "outcome_rule")), Dimension(denial, "deny"));
        Assert.StartsWith("agentgateway.yaml:", Text(all.First(span => Text(span, "class") == "ignored"), "class_rule"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_function_is_ignored_by_a_rule_and_moves_no_tool_call()
    {
        var all = await ItemsAsync(SpanCapture.Of("pydantic-ai/agent-2.68.0-format5").File);

        var output = Assert.Single(all, span => Dimension(span, "span_name").Value == "execute_tool final_result");

        Assert.Equal(("ignored", "pydantic_ai.yaml:6"), (Text(output, "class"), Text(output, "class_rule")));
        Assert.Equal(["traces_spanmetrics_calls_total", "traces_spanmetrics_duration_seconds"], Moved(output).Keys);
    }

    [Fact]
    public async Task A_source_that_held_nothing_is_named_with_the_reason()
    {
        var span = Assert.Single(await ItemsAsync(_folder.Write("gaps.json", Gaps)));

        Assert.Equal(("gpt-4o", "attribute gen_ai.response.model"), Dimension(span, "model"));
        Assert.Equal(("unknown", "default"), Dimension(span, "provider"));
        Assert.Equal(("desk", "default, service_name"), Dimension(span, "agent"));
        Assert.Equal(
            [
                "model, attribute gen_ai.request.model: empty",
                "model, attribute llm.request.model: \"<elided>\" counts as missing",
                "provider, attribute gen_ai.system: a value map takes \"houseclient\" away",
            ],
            span.GetProperty("skipped").EnumerateArray().Select(source => $"{Text(source, "name")}, {Text(source, "from")}: {Text(source, "why")}"));
    }

    [Fact]
    public async Task A_decision_has_its_model_from_the_trace()
    {
        var all = await ItemsAsync(SpanCapture.Kitelogik("session-0.4.0").File);

        var decisions = all.Where(span => Text(span, "class") == "decision" && Dimension(span, "tool").Value != "none").ToList();

        Assert.NotEmpty(decisions);
        Assert.All(decisions, decision => Assert.Equal(("claude-sonnet-4-6", "from trace"), Dimension(decision, "model")));
    }

    [Fact]
    public async Task A_log_record_has_its_events_name_and_a_gateways_counts_where_the_configuration_says_so()
    {
        var events = await ItemsAsync(LogsOf("kagent/k07-openai"));
        Assert.All(events, log => Assert.Equal("attribute event.name", Dimension(log, "event").From));
        Assert.All(events, log => Assert.Equal(["agent_log_events_total"], Moved(log).Keys));

        var files = new[] { SpanCapture.Of("agentgateway/v141_mcp").File, LogsOf("agentgateway/v141_mcp") };
        foreach (var (from, counts) in new[] { ("spans", "traces"), ("logs", "logs"), ("both", "traces") })
        {
            var counted = (await ItemsAsync([.. files, "--set", "gateway_decisions=" + from])).Where(item => Moved(item).ContainsKey("agent_decisions_total"));

            Assert.Equal([counts], counted.Select(item => Text(item, "signal")).Distinct());
        }
    }

    [Fact]
    public async Task An_emitter_of_the_users_own_is_named_with_file_and_line()
    {
        var config = _folder.Write("own.yml", OwnEmitter);

        var span = Assert.Single(await ItemsAsync(_folder.Write("own.json", OwnSpan), "--config", config));
        var without = Assert.Single(await ItemsAsync(_folder.Write("own.json", OwnSpan)));

        Assert.Equal(("acme", "tool", $"{config}:5"), (Text(span, "source"), Text(span, "class"), Text(span, "class_rule")));
        Assert.Equal(("deny", $"{config}:8"), (Text(span, "outcome"), Text(span, "outcome_rule")));
        Assert.Equal(("pay", "span name"), Dimension(span, "tool"));
        Assert.Equal(("cashier", $"rule {config}:12"), Dimension(span, "agent"));
        Assert.Equal(("other", null), (Text(without, "class"), without.GetProperty("class_rule").GetString()));
        var text = await ProgramUnderTest.RunAsync("explain", _folder.Write("own.json", OwnSpan));
        Assert.Matches(@"\n +class +other +no rule\n", text.Output);
    }

    [Fact]
    public async Task What_moved_adds_up_to_the_page_that_replay_prints()
    {
        string[] files = [.. SpanCapture.Names.Select(name => SpanCapture.Of(name).File).Where(File.Exists)];
        var page = MetricsPage.Parse((await ProgramUnderTest.RunAsync(["replay", .. files])).Output);

        var moved = (await ItemsAsync(files)).SelectMany(Moved).GroupBy(family => family.Key, family => family.Value.Sum(Amount)).ToDictionary(family => family.Key, Enumerable.Sum);

        foreach (var (family, sum) in moved)
        {
            var printed = page.Sum(page.Types[family] == "histogram" ? family + "_sum" : family);
            Assert.True(Math.Abs(printed - sum) <= 1e-6 * sum, $"{family}: {printed} on the page, {sum} explained");
        }

        Assert.Equal(page.Types.Keys.Where(family => page.Family(family).Concat(page.Family(family + "_sum")).Any() && !family.StartsWith("spanmetrics_", StringComparison.Ordinal)).Order(), moved.Keys.Order());
    }

    [Fact]
    public async Task A_wrong_configuration_is_a_mistake_and_a_broken_record_is_said_to_be_one()
    {
        var wrong = await ProgramUnderTest.RunAsync("explain", Kitelogik, "--set", "limits.serie=1");
        Assert.Equal(2, wrong.ExitCode);
        var broken = await ProgramUnderTest.RunAsync("explain", "--format", "otlp", _folder.Write("broken", "\n\u0005x"));

        Assert.Equal("record 0: broken, truncated\n", broken.Output);
    }

    private static string Span(string id, string parent, string scope, string name, string key) => $$$"""
        {"resourceSpans":[{"scopeSpans":[{"scope":{"name":"{{{scope}}}"},"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"{{{id}}}","parentSpanId":"{{{parent}}}","name":"{{{name}}}","startTimeUnixNano":"1","endTimeUnixNano":"2","attributes":[{"key":"{{{key}}}","value":{"stringValue":"m"}}]}]}]}]}
        """;

    private static string LogsOf(string name) => Repository.PathOf("tests", "data", "corpus", name + ".logs.pb");

    private static (string Value, string From) Dimension(JsonElement item, string name)
    {
        var dimension = item.GetProperty("dimensions").GetProperty(name);
        return (Text(dimension, "value"), Text(dimension, "from"));
    }

    private static Dictionary<string, List<JsonElement>> Moved(JsonElement item) =>
        item.GetProperty("moved").EnumerateArray().GroupBy(moved => Text(moved, "family")).ToDictionary(family => family.Key, family => family.ToList());

    private static double Amount(JsonElement moved) => moved.GetProperty("amount").GetDouble();

    // Empty for null: not every item has each.
    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString() ?? "";

    private static async Task<List<JsonElement>> ItemsAsync(params string[] arguments)
    {
        var result = await ProgramUnderTest.RunAsync(["explain", "--json", .. arguments]);
        Assert.True(result.ExitCode == 0, result.ToString());
        return [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }
}
