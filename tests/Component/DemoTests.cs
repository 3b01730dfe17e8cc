using System.Globalization;
using System.Text.Json;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Component;

[Collection(ComponentGroup.Name)]
public sealed class DemoTests
{
    private static readonly string[] Told = ["tool", "risk_tier", "model"];
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task Demo_shows_denies_by_tool_tier_and_model_and_ends_after_its_time()
    {
        var port = FreePort.Next();
        await using var demo = ProgramUnderTest.Start("demo", "--port", port.ToString(CultureInfo.InvariantCulture), "--duration", "8", "--seed", "1");
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        await Eventually.Async(
            async () =>
            {
                Assert.False(demo.HasExited, demo.Describe());
                var page = MetricsPage.Parse(await client.GetStringAsync("/metrics"));
                var denies = page.Family("agent_decisions_total").Where(sample => sample.Labels["outcome"] == "deny" && sample.Value > 0).ToList();
                return Told.All(label => denies.Any(deny => deny.Labels[label] is not ("none" or "unknown")));
            },
            Deadline,
            "denies by tool, tier and model",
            demo.Describe);
        using var status = JsonDocument.Parse(await client.GetStringAsync("/api/v1/status", TestContext.Current.CancellationToken));

        Assert.Contains("<html", await client.GetStringAsync("/", TestContext.Current.CancellationToken), StringComparison.OrdinalIgnoreCase);
        Assert.True(status.RootElement.GetProperty("decisions").GetProperty("deny").GetDouble() > 0, status.RootElement.GetRawText());
        Assert.Contains($":{port}", demo.Output + demo.Error, StringComparison.Ordinal);
        Assert.True(await demo.ExitAsync(Deadline) == 0, demo.Describe());
    }

    [Fact]
    public async Task Interrupted_demo_ends_with_exit_code_0()
    {
        var port = FreePort.Next();
        await using var demo = ProgramUnderTest.Start("demo", "--port", port.ToString(CultureInfo.InvariantCulture));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await Eventually.Async(
            async () =>
            {
                Assert.False(demo.HasExited, demo.Describe());
                return MetricsPage.Parse(await client.GetStringAsync("/metrics")).Sum("traces_spanmetrics_calls_total") > 0;
            },
            Deadline,
            "the first spans of the demo",
            demo.Describe);

        demo.Signal(ChildProcess.SigInt);

        Assert.True(await demo.ExitAsync(TimeSpan.FromSeconds(20)) == 0, demo.Describe());
        Assert.DoesNotContain("   at ", demo.Output + demo.Error, StringComparison.Ordinal);
    }
}
