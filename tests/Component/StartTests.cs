using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Component;

[Collection(ComponentGroup.Name)]
public sealed class StartTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Port_in_use_is_one_clear_line_and_exit_code_1()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var result = await ProgramUnderTest.RunAsync("run", "--set", $"http.listen=127.0.0.1:{port}", "--set", "kafka.bootstrap_servers=127.0.0.1:1");

        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Single((result.Output + result.Error).Split('\n'), line => line.Contains($":{port}", StringComparison.Ordinal));
        AssertNoStackTrace(result);
    }

    [Fact]
    public async Task Address_of_another_machine_is_one_clear_line_and_exit_code_1()
    {
        // 192.0.2.0/24 is for documentation (RFC 5737): no machine has it, and nothing is sent there.
        var result = await ProgramUnderTest.RunAsync("run", "--set", "http.listen=192.0.2.1:9464", "--set", "kafka.bootstrap_servers=127.0.0.1:1");

        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Single(result.Error.Split('\n'), line => line.Contains("cannot listen on http.listen = 192.0.2.1:9464", StringComparison.Ordinal));
        AssertNoStackTrace(result);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("run")]
    public async Task Every_error_of_a_configuration_is_named_at_once_with_line_and_nearest_key(string verb)
    {
        var file = _folder.Write("wrong.yml", """
            kafka:
              bootstrap_servers: 127.0.0.1:9092
              grup_id: x
            http:
              listen: nowhere
            veiws: {}

            """);

        var result = await ProgramUnderTest.RunAsync(verb, "--config", file);

        Assert.True(result.ExitCode == 2, result.ToString());
        AssertNoStackTrace(result);
        var lines = result.Error.Split('\n');
        Assert.Contains(lines, line => Regex.IsMatch(line, @"wrong\.yml\D+3\b.*grup_id.*group_id"));
        Assert.Contains(lines, line => Regex.IsMatch(line, @"wrong\.yml\D+5\b.*listen"));
        Assert.Contains(lines, line => Regex.IsMatch(line, @"wrong\.yml\D+6\b.*veiws.*views"));
    }

    [Fact]
    public async Task Configuration_that_is_no_yaml_is_exit_code_2_with_the_line()
    {
        var result = await ProgramUnderTest.RunAsync("check", "--config", _folder.Write("broken.yml", "kafka:\n  group_id: [\n"));

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Matches(@"broken\.yml\D+[23]\b", result.Error);
        AssertNoStackTrace(result);
    }

    [Fact]
    public async Task Configuration_that_cannot_be_read_is_exit_code_2()
    {
        var result = await ProgramUnderTest.RunAsync("run", "--config", Path.Combine(_folder.Path, "absent.yml"));

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("absent.yml", result.Error, StringComparison.Ordinal);
        AssertNoStackTrace(result);
    }

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("check", "--set", "kafka.grup_id=x")]
    [InlineData("check", "--set", "kafka.group_id")]
    [InlineData("replay")]
    [InlineData("generate", "--count", "minus one")]
    public async Task Wrong_usage_is_exit_code_2(params string[] arguments)
    {
        var result = await ProgramUnderTest.RunAsync(arguments);

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.NotEmpty(result.Error);
        AssertNoStackTrace(result);
    }

    [Fact]
    public async Task Command_line_overrides_environment_overrides_file()
    {
        var file = _folder.Write("right.yml", "kafka: { bootstrap_servers: 'file:1', group_id: from-file }\nhttp: { listen: 127.0.0.1:9464 }\n");
        var environment = new Dictionary<string, string>
        {
            ["SPANMETRICS__KAFKA__GROUP_ID"] = "from-environment",
            ["SPANMETRICS__KAFKA__BOOTSTRAP_SERVERS"] = "environment:2",
        };

        var result = await ProgramUnderTest.RunAsync([], ["check", "--config", file, "--set", "kafka.group_id=from-command-line"], environment);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("from-command-line", result.Output, StringComparison.Ordinal);
        Assert.Contains("environment:2", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("from-environment", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("file:1", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_check_prints_is_a_configuration_in_full_that_means_the_same()
    {
        string file = _folder.Write("views.yml", """
            limits: { series: 77 }
            adjusted_counts: false
            views:
              traces_spanmetrics: { enabled: false }
              agent_decisions: { labels: { tool: tool_name }, buckets: [.00001, 2] }
              mine: { match: all, dimensions: [outcome, tool], series: 5 }

            """);

        ProgramResult first = await ProgramUnderTest.RunAsync("check", "--config", file);
        ProgramResult second = await ProgramUnderTest.RunAsync("check", "--config", _folder.Write("printed.yml", first.Output));

        Assert.True(first.ExitCode == 0, first.ToString());
        Assert.Equal(first.Output, second.Output);
        Assert.All(
            ["record_bytes: 67108864", "adjusted_counts: false", "enabled: false", "match: decision", "match: all", "- risk_tier", "tool: tool_name", "- 2\n", "series: 77", "series: 5"],
            key => Assert.Contains(key, first.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("histograms: classic\nhttp: { created_timestamps: false }\n")]
    [InlineData("histograms: native\n", "histograms: native", "--enable-feature=native-histograms", "scrape_native_histograms: true", "created-timestamp-zero-ingestion")]
    [InlineData("histograms: both\n", "histograms: both", "--enable-feature=native-histograms", "always_scrape_classic_histograms: true")]
    [InlineData("http: { created_timestamps: true }\n", "http.created_timestamps: true", "created-timestamp-zero-ingestion")]
    public async Task What_a_Prometheus_must_be_told_is_a_warning(string configuration, params string[] told)
    {
        ProgramResult result = await ProgramUnderTest.RunAsync("check", "--config", _folder.Write("right.yml", configuration));

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(told.Length > 0, result.Error.Contains("warning: ", StringComparison.Ordinal));
        Assert.All(told, word => Assert.Contains(word, result.Error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("check")]
    [InlineData("demo")]
    [InlineData("replay")]
    [InlineData("explain")]
    [InlineData("generate")]
    public async Task Every_verb_has_help(string verb)
    {
        var result = await ProgramUnderTest.RunAsync(verb, "--help");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains(verb, result.Output, StringComparison.Ordinal);
    }

    private static void AssertNoStackTrace(ProgramResult result)
    {
        Assert.DoesNotContain("   at ", result.Output + result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", result.Output + result.Error, StringComparison.Ordinal);
    }
}
