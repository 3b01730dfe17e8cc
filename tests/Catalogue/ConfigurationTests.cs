using SpanMetrics.Configuration;

namespace SpanMetrics.Tests.Catalogue;

/// <summary>Label names come from the configuration alone, and the worker does not start with one that would break the page.</summary>
public sealed class ConfigurationTests
{
    [Theory]
    [Trait("Catalogue", "49")]
    [InlineData("__name__")]
    [InlineData("__x")]
    [InlineData("le")]
    [InlineData("quantile")]
    [InlineData("job")]
    [InlineData("instance")]
    public void A_label_name_of_Prometheus_itself_is_refused(string label) =>
        Assert.Contains($"\"{label}\" belongs to Prometheus itself", Error($"{{tool: {label}}}"), StringComparison.Ordinal);

    [Theory]
    [Trait("Catalogue", "50")]
    [InlineData("{tool: model}", "\"model\"")]
    [InlineData("{tool: x, agent: x}", "\"x\"")]
    public void Two_dimensions_of_one_label_are_refused(string labels, string label) =>
        Assert.Contains($"two labels of the view agent_decisions are named {label}", Error(labels), StringComparison.Ordinal);

    private static string Error(string labels) => Assert.Single(Assert.Throws<ConfigurationException>(
        () => ConfigurationLoader.Load(null, [$"views.agent_decisions.labels={labels}"], new Dictionary<string, string>())).Errors);
}
