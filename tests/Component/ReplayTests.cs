using System.Text.Json;
using System.Text.RegularExpressions;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Component;

[Collection(ComponentGroup.Name)]
public sealed class ReplayTests : IDisposable
{
    // What the collector's file exporter writes: one request a line, ids in hexadecimal, 64-bit numbers as strings.
    private const string JsonLine = """{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"desk"}}]},"scopeSpans":[{"scope":{"name":"kitelogik.tether"},"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"policy_gate.evaluate","kind":1,"startTimeUnixNano":"1763726400000000000","endTimeUnixNano":"1763726400002000000","attributes":[{"key":"kitelogik.action","value":{"stringValue":"tool_call"}},{"key":"kitelogik.tool_name","value":{"stringValue":"run_command"}},{"key":"kitelogik.policy.allow","value":{"boolValue":false}},{"key":"kitelogik.policy.deny","value":{"boolValue":true}},{"key":"kitelogik.policy.risk_tier","value":{"stringValue":"DESTRUCTIVE"}}],"status":{"code":2,"message":"Hard blocked by security policy"}}]}]}]}""";

    private static readonly string[] Outcomes = ["counted", "filtered", "invalid", "duplicate"];

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Captures => [.. SpanCapture.KitelogikNames];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Captures))]
    public async Task Replay_of_a_capture_meets_its_expectation(string name)
    {
        var capture = SpanCapture.Kitelogik(name);

        var result = await ProgramUnderTest.RunAsync("replay", capture.File);

        Assert.True(result.ExitCode == 0, result.ToString());
        var page = MetricsPage.Parse(result.Output);
        Assert.Empty(capture.Expectation.Differences("agent_decisions_total", page.Samples));
        // Families that this version exposes must be right as well.
        foreach (var family in capture.Expectation.Families.Keys.Where(page.Types.ContainsKey))
        {
            Assert.Empty(capture.Expectation.Differences(family, page.Samples));
        }
        Assert.Equal(capture.SpanCount, page.Sum("traces_spanmetrics_calls_total"));
        Assert.Equal(capture.SpanCount, page.Sum("traces_spanmetrics_duration_seconds_count"));
        Assert.Matches($@"\brecords={capture.Records.Count}\b.*\bspans={capture.SpanCount}\b", result.Error);
        Assert.Equal(capture.SpanCount, Outcomes.Sum(outcome => Said(result.Error, outcome)));
    }

    [Fact]
    public async Task Standard_input_gives_the_page_of_the_file()
    {
        var file = SpanCapture.Kitelogik("adapter-0.4.0").File;

        var fromFile = await ProgramUnderTest.RunAsync("replay", file);
        var fromInput = await ProgramUnderTest.RunAsync(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), ["replay", "-"]);

        Assert.True(fromInput.ExitCode == 0, fromInput.ToString());
        Assert.Equal(Views(fromFile), Views(fromInput));

        static IEnumerable<string> Views(ProgramResult result) =>
            MetricsPage.Parse(result.Output).Samples.Where(sample => sample.Name.StartsWith("traces_", StringComparison.Ordinal) || sample.Name.StartsWith("agent_", StringComparison.Ordinal)).Select(sample => sample.ToString()).Order();
    }

    [Fact]
    public async Task Several_files_add_up()
    {
        string[] names = ["adapter-0.3.0", "adapter-0.4.0"];
        var captures = names.Select(SpanCapture.Kitelogik).ToList();

        var result = await ProgramUnderTest.RunAsync(["replay", .. captures.Select(capture => capture.File)]);

        Assert.True(result.ExitCode == 0, result.ToString());
        var expected = Expectation.Sum("agent_decisions_total", captures.Select(capture => capture.Expectation));
        Assert.Empty(expected.Differences("agent_decisions_total", MetricsPage.Parse(result.Output).Samples));
    }

    [Theory]
    [InlineData("otlp-json")]
    [InlineData("auto")]
    public async Task Json_lines_are_read_as_the_file_exporter_writes_them(string format)
    {
        var file = _folder.Write("spans.json", $"{JsonLine}\n{JsonLine.Replace("eee19b7ec3c1b174", "eee19b7ec3c1b175", StringComparison.Ordinal)}\n");

        var result = await ProgramUnderTest.RunAsync("replay", file, "--format", format);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(2, MetricsPage.Parse(result.Output).Sum(
            "agent_decisions_total", ("service_name", "desk"), ("outcome", "deny"), ("tool", "run_command"), ("risk_tier", "DESTRUCTIVE")));
    }

    [Fact]
    public async Task One_request_without_a_length_before_it_is_read_as_otlp()
    {
        var capture = SpanCapture.Kitelogik("events-0.4.0");
        var file = Path.Combine(_folder.Path, "request.pb");
        await File.WriteAllBytesAsync(file, Assert.Single(capture.Records), TestContext.Current.CancellationToken);

        var result = await ProgramUnderTest.RunAsync("replay", file, "--format", "otlp");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Empty(capture.Expectation.Differences("agent_decisions_total", MetricsPage.Parse(result.Output).Samples));
    }

    [Fact]
    public async Task Missing_file_is_named_and_is_exit_code_3()
    {
        var result = await ProgramUnderTest.RunAsync("replay", Path.Combine(_folder.Path, "absent.pb"));

        Assert.True(result.ExitCode == 3, result.ToString());
        Assert.Contains("absent.pb", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_output_parses_and_holds_the_denies()
    {
        var result = await ProgramUnderTest.RunAsync("replay", SpanCapture.Kitelogik("adapter-0.4.0").File, "--output", "json");

        Assert.True(result.ExitCode == 0, result.ToString());
        using var page = JsonDocument.Parse(result.Output);
        var decisions = page.RootElement.GetProperty("families").EnumerateArray().Single(family => family.GetProperty("name").GetString() == "agent_decisions_total");
        Assert.Equal(2, decisions.GetProperty("samples").EnumerateArray()
            .Where(sample => sample.GetProperty("labels").GetProperty("outcome").GetString() == "deny")
            .Sum(sample => sample.GetProperty("value").GetDouble()));
    }

    [Fact]
    public async Task Openmetrics_output_ends_with_its_mark()
    {
        var result = await ProgramUnderTest.RunAsync("replay", SpanCapture.Kitelogik("adapter-0.4.0").File, "--output", "openmetrics");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.EndsWith("\n# EOF\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("# TYPE agent_decisions counter\n", result.Output, StringComparison.Ordinal);
    }

    private static int Said(string summary, string key) =>
        int.Parse(Regex.Match(summary, $@"\b{key}=(\d+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
}
