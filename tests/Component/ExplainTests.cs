using System.Text.Json;
using System.Text.RegularExpressions;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Component;

/// <summary>On a capture that holds two denies of run_command.</summary>
[Collection(ComponentGroup.Name)]
public sealed class ExplainTests
{
    private static readonly string File = SpanCapture.Kitelogik("adapter-0.4.0").File;

    [Fact]
    public async Task Explain_names_class_and_outcome_of_a_deny_and_where_each_dimension_came_from()
    {
        var result = await ProgramUnderTest.RunAsync("explain", File);

        Assert.True(result.ExitCode == 0, result.ToString());
        var spans = result.Output.Split("\nspan ").Where(span => span.Contains("class decision, outcome deny", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, spans.Count);
        Assert.All(spans, span =>
        {
            Assert.Matches(@"\n +tool +run_command +attribute kitelogik\.tool_name\n", span);
            Assert.Matches(@"\n +risk_tier +SECURITY_CRITICAL +attribute kitelogik\.policy\.risk_tier\n", span);
            Assert.Matches(@"\n +deny +true +attribute kitelogik\.policy\.deny\n", span);
            Assert.Matches(@"\n +service_name +support-desk +resource service\.name\n", span);
            Assert.Matches(@"\n +model +none +default\n", span);
        });
    }

    [Fact]
    public async Task Json_says_the_same_and_one_trace_can_be_picked()
    {
        var all = await SpansAsync("explain", File, "--json");
        var denies = all.Where(span => Text(span, "class") == "decision" && Text(span, "outcome") == "deny").ToList();
        Assert.Equal(2, denies.Count);
        Assert.All(denies, deny =>
        {
            var tool = deny.GetProperty("dimensions").GetProperty("tool");
            Assert.Equal(("run_command", "attribute kitelogik.tool_name"), (Text(tool, "value"), Text(tool, "from")));
        });
        var trace = Text(denies[0], "trace_id");
        Assert.Matches(new Regex("^[0-9a-f]{32}$"), trace);

        var picked = await SpansAsync("explain", File, "--json", "--trace", trace);

        Assert.Equal(
            all.Where(span => Text(span, "trace_id") == trace).Select(span => Text(span, "span_id")),
            picked.Select(span => Text(span, "span_id")));
        Assert.True(picked.Count < all.Count);
    }

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString()!;

    private static async Task<List<JsonElement>> SpansAsync(params string[] arguments)
    {
        var result = await ProgramUnderTest.RunAsync(arguments);
        Assert.True(result.ExitCode == 0, result.ToString());
        return [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }
}
