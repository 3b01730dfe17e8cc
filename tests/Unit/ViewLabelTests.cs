using SpanMetrics.Aggregation;
using SpanMetrics.Configuration;
using SpanMetrics.Pipeline;
using SpanMetrics.Tests.Support;
using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Unit;

public sealed class ViewLabelTests
{
    [Fact]
    public void A_label_shows_under_its_new_name_in_its_view_alone()
    {
        SpanMetricsOptions options = Load("views.traces_spanmetrics.labels={tool: tool_name, deny: kitelogik_policy_deny}");
        var sink = new ReplaySink(Printed.Options with { Views = Views.Build(options.Views, (_, problem) => Assert.Fail(problem)) });
        sink.Take(
            Record("desk", "kitelogik.tether", Span("policy_gate.evaluate", Attribute("kitelogik.tool_name", "refund"), Attribute("kitelogik.policy.deny", true))),
            isNull: false);

        MetricsPage page = Printed.Parsed(sink.Fold());

        Assert.Equal(1, page.Sum("traces_spanmetrics_calls_total", ("tool_name", "refund"), ("kitelogik_policy_deny", "true"), ("tool", ""), ("deny", "")));
        Assert.Equal(1, page.Sum("agent_decisions_total", ("tool", "refund"), ("deny", "true"), ("tool_name", "")));
    }

    [Fact]
    public void Two_labels_may_change_places()
    {
        SpanMetricsOptions options = Load("views.agent_decisions.labels={tool: model, model: tool}");

        Assert.Equal("model", options.Views["agent_decisions"].Labels["tool"]);
    }

    [Theory]
    [InlineData("tool: le", "views.agent_decisions.labels.tool: \"le\"")]
    [InlineData("tool: job", "\"job\"")]
    [InlineData("tool: instance", "\"instance\"")]
    [InlineData("tool: quantile", "\"quantile\"")]
    [InlineData("tool: __x", "\"__x\"")]
    [InlineData("tool: __name__", "\"__name__\"")]
    [InlineData("tool: ''", "not a label name")]
    [InlineData("tool: 1st", "not a label name")]
    [InlineData("tool: a-b", "not a label name")]
    [InlineData("tool: a.b", "not a label name")]
    [InlineData("tool: 'a\"'", "not a label name")]
    [InlineData("tool: ünï", "not a label name")]
    [InlineData("tool: model", "two labels of the view agent_decisions are named \"model\"")]
    [InlineData("{tool: x, agent: x}", "two labels of the view agent_decisions are named \"x\"")]
    [InlineData("span_name: x", "no label \"span_name\"")]
    public void A_label_name_that_would_break_the_page_is_refused(string labels, string problem) =>
        Assert.Contains(problem, Error($"views.agent_decisions.labels={(labels[0] == '{' ? labels : $"{{{labels}}}")}"), StringComparison.Ordinal);

    private static SpanMetricsOptions Load(string set) => ConfigurationLoader.Load(null, [set], new Dictionary<string, string>());

    private static string Error(string set) => Assert.Single(Assert.Throws<ConfigurationException>(() => Load(set)).Errors);
}
