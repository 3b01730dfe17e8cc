using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Unit;

public sealed class SpanClassifierTests
{
    [Theory]
    [InlineData("kitelogik.tether", "policy_gate.evaluate", "decision")]
    [InlineData("kitelogik.tether", "policy_gate.evaluate_event", "decision")]
    [InlineData("kitelogik.tether", "policy_gate.schema_validate", "ignored")]
    [InlineData("kitelogik.tether", "policy_gate.opa_evaluate", "ignored")]
    [InlineData("kitelogik.tether", "policy_gate.opa_evaluate_event", "ignored")]
    [InlineData("kitelogik.tether", "policy_gate.sanitize_response", "sanitizer")]
    [InlineData("kitelogik.adapter", "kitelogik.adapter.tool_call", "tool")]
    [InlineData("kitelogik.agent", "gen_ai.chat", "llm")]
    [InlineData("kitelogik.agent", "agent_session", "agent")]
    [InlineData("kitelogik.agent", "something else", "other")]
    [InlineData("mine", "policy_gate.evaluate", "other")]
    [InlineData("mine", "gen_ai.chat", "llm")]
    public void Scope_and_name_tell_the_class(string scope, string name, string spanClass) =>
        Assert.Equal(spanClass, Seen(scope, name).Class);

    [Theory]
    [InlineData("kitelogik.policy.allow")]
    [InlineData("kitelogik.policy.deny")]
    [InlineData("kitelogik.policy.requires_hitl")]
    public void Any_span_that_carries_a_policy_answer_is_a_decision(string attribute)
    {
        Assert.Equal("decision", Seen("mine", "whatever", Attribute(attribute, true)).Class);
        Assert.Equal("other", Seen("mine", "whatever", Attribute("kitelogik.policy.reason", "x")).Class);
    }

    [Theory]
    [InlineData("kitelogik.adapter", "kitelogik.adapter.tool_call")]
    [InlineData("kitelogik.agent", "gen_ai.chat")]
    [InlineData("kitelogik.agent", "agent_session")]
    [InlineData("kitelogik.tether", "policy_gate.sanitize_response")]
    [InlineData("kitelogik.tether", "policy_gate.opa_evaluate")]
    public void Only_a_gate_span_decides(string scope, string name)
    {
        SeenSpan span = Seen(scope, name, Attribute("kitelogik.allowed", false), Error("OPA unreachable"));

        Assert.Equal(("none", "none", "none", false), (span.Outcome, span.Reason, span.RiskTier, span.Deny));
        Assert.Equal("none", span.Event);
    }

    [Fact]
    public void An_agent_named_by_its_resource_is_that_of_its_own_spans_only()
    {
        Decoded seen = Decoded.Of(Join(StepOf("planner"), StepOf("writer"), StepOf("planner")));

        Assert.Equal(["planner", "writer", "planner"], seen.Spans.Select(span => span.Agent));

        static byte[] StepOf(string agent) => ResourceSpans(
            Resource(ResourceAttribute("service.name", "agents"), ResourceAttribute("kaos.resource.name", agent)), ScopeSpans(Scope("kaos"), Span("agent.step")));
    }

    [Fact]
    public void The_tool_comes_from_the_first_place_that_names_it()
    {
        byte[] gate = Attribute("kitelogik.tool_name", "gate"), adapter = Attribute("kitelogik.tool.name", "adapter"), action = Attribute("kitelogik.action", "action");

        Assert.Equal("gate", Seen("kitelogik.tether", "policy_gate.evaluate", action, adapter, gate).Tool);
        Assert.Equal("adapter", Seen("kitelogik.tether", "policy_gate.evaluate", action, adapter).Tool);
        Assert.Equal("action", Seen("kitelogik.tether", "policy_gate.evaluate", action).Tool);
        Assert.Equal("unknown", Seen("kitelogik.tether", "policy_gate.evaluate").Tool);
        Assert.Equal("adapter", Seen("kitelogik.adapter", "kitelogik.adapter.tool_call", action, adapter).Tool);
        Assert.Equal("unknown", Seen("kitelogik.adapter", "kitelogik.adapter.tool_call").Tool);
        Assert.Equal("none", Seen("kitelogik.agent", "gen_ai.chat", gate, adapter, action).Tool);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("''")]
    public void An_empty_name_is_a_missing_one(string empty) =>
        Assert.Equal("adapter", Seen("kitelogik.tether", "policy_gate.evaluate", Attribute("kitelogik.tool_name", empty), Attribute("kitelogik.tool.name", "adapter")).Tool);

    [Fact]
    public void A_name_that_is_an_array_or_bytes_is_told_as_such_and_never_shown()
    {
        Assert.Equal("_array_", Seen("kitelogik.tether", "policy_gate.evaluate", Value("kitelogik.tool_name", Bytes(5, Bytes(1, Text(1, "a"))))).Tool);
        Assert.Equal("_bytes_", Seen("kitelogik.tether", "policy_gate.evaluate", Value("kitelogik.tool_name", Bytes(7, [1, 2]))).Tool);
        Assert.Equal("7", Seen("kitelogik.tether", "policy_gate.evaluate", Attribute("kitelogik.tool_name", 7)).Tool);
    }

    [Theory]
    [InlineData("agent.spawn")]
    [InlineData("agent.delegate")]
    [InlineData("agent.plan")]
    [InlineData("agent.budget")]
    public void A_governance_event_names_itself_and_no_tool(string type)
    {
        SeenSpan span = Seen("kitelogik.tether", "policy_gate.evaluate_event", Attribute("kitelogik.event_type", type), Attribute("kitelogik.action", "spawn"));

        Assert.Equal((type, "none"), (span.Event, span.Tool));
    }

    [Fact]
    public void A_decision_on_a_tool_call_says_so() =>
        Assert.Equal("tool_call", Seen("kitelogik.tether", "policy_gate.evaluate").Event);

    [Fact]
    public void The_model_is_the_one_asked_for()
    {
        byte[] asked = Attribute("gen_ai.request.model", "models/gemini-x"), answered = Attribute("gen_ai.response.model", "gemini-x-001");

        Assert.Equal("gemini-x", Seen("kitelogik.agent", "gen_ai.chat", answered, asked).Model);
        Assert.Equal("gemini-x-001", Seen("kitelogik.agent", "gen_ai.chat", answered).Model);
        Assert.Equal("unknown", Seen("kitelogik.agent", "gen_ai.chat").Model);
        Assert.Equal("unknown", Seen("kitelogik.agent", "gen_ai.chat", Attribute("gen_ai.request.model", "models/")).Model);
        Assert.Equal("none", Seen("kitelogik.tether", "policy_gate.evaluate").Model);
    }

    [Fact]
    public void The_service_is_the_agent_until_the_span_names_one()
    {
        SeenSpan plain = Seen("s", "a");
        SeenSpan named = Seen("s", "a", Attribute("agent.name", "second"), Attribute("gen_ai.agent.name", "first"));

        Assert.Equal(("desk", "desk"), (plain.Service, plain.Agent));
        Assert.Equal(("desk", "first"), (named.Service, named.Agent));
        Assert.Equal("second", Seen("s", "a", Attribute("agent.name", "second")).Agent);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void A_span_without_a_service_name_is_of_the_unknown_service(string? service)
    {
        byte[] spans = ScopeSpans(Span("a"));
        SeenSpan span = Decoded.SpanOf(service is null ? ResourceSpans(spans) : ResourceSpans(Service(service), spans));

        Assert.Equal(("unknown", "unknown"), (span.Service, span.Agent));
    }

    [Theory]
    [InlineData("kitelogik.tether", "kitelogik")]
    [InlineData("kitelogik.something.new", "kitelogik")]
    [InlineData("kitelogical", "other")]
    [InlineData("", "other")]
    public void The_scope_tells_the_source(string scope, string source) => Assert.Equal(source, Seen(scope, "a").Source);

    private static SeenSpan Seen(string scope, string name, params byte[][] fields) => Decoded.SpanOf(Record("desk", scope, Span(name, fields)));
}
