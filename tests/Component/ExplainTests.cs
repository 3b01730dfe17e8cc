using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Component;

[Collection(ComponentGroup.Name)]
public sealed class ExplainTests
{
    [Fact]
    public async Task Explain_names_class_and_outcome_of_a_deny_and_where_each_dimension_came_from()
    {
        var result = await ProgramUnderTest.RunAsync("explain", SpanCapture.Kitelogik("adapter-0.4.0").File);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("decision", result.Output, StringComparison.Ordinal);
        Assert.Contains("deny", result.Output, StringComparison.Ordinal);
        Assert.Contains("kitelogik.tool_name", result.Output, StringComparison.Ordinal);
        Assert.Contains("kitelogik.policy.risk_tier", result.Output, StringComparison.Ordinal);
    }
}
