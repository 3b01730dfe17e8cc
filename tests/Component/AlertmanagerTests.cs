using System.Text.Json;
using SpanMetrics.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace SpanMetrics.Tests.Component;

[Collection(ComponentGroup.Name)]
public sealed class AlertmanagerTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly string Configuration = Repository.PathOf("compose", "alertmanager.yml");

    [Fact]
    public Task The_shipped_configuration_is_right() => AmtoolAsync("check-config", Configuration);

    [Theory]
    [InlineData("AgentDenySpikeQuietTool", "page")]
    [InlineData("AgentDenySpikeVersusBaseline", "security")]
    [InlineData("AgentToolFirstDeny", "quiet")]
    [InlineData("AgentDenyBudgetBurn", "page")]
    [InlineData("AgentPolicyEngineUnavailable", "security")]
    [InlineData("AgentCredentialDenials", "security")]
    [InlineData("AgentHumanApprovalSurge", "security")]
    [InlineData("AgentModelErrors", "platform")]
    [InlineData("AgentCostBurn", "cost")]
    [InlineData("AgentTelemetryAbsent", "platform")]
    [InlineData("SpanMetricsDown", "platform")]
    [InlineData("SpanMetricsWatchdog", "dead-man")]
    public Task An_alert_goes_to_whom_it_is_for(string alert, string receiver)
    {
        var labels = (YamlMappingNode)ShippedRules.Alerts.First(rule => ShippedRules.Text(rule, "alert") == alert)["labels"];
        return AmtoolAsync(["config", "routes", "test", $"--config.file={Configuration}", $"--verify.receivers={receiver}", $"alertname={alert}", .. labels.Children.Select(label => $"{label.Key}={label.Value}")]);
    }

    [Fact]
    public Task A_worker_that_is_down_mutes_what_its_counts_say_and_neither_the_gate_nor_itself() => InhibitionAsync(
        told:
        [
            Alert("SpanMetricsDown", "pipeline", "critical", ("instance", "w:9464")),
            Alert("AgentUngatedToolCalls", "policy", "critical", ("service_name", "claims"), ("tool", "shell")),
        ],
        muted:
        [
            Alert("AgentDenySpikeQuietTool", "deny", "critical", ("service_name", "claims"), ("tool", "shell")),
            Alert("AgentDenyBudgetBurn", "slo", "critical", ("service_name", "claims")),
            Alert("AgentHumanApprovalSurge", "hitl", "warning", ("service_name", "claims")),
            Alert("AgentModelErrors", "model", "warning", ("service_name", "claims")),
            Alert("AgentCostBurn", "cost", "warning", ("service_name", "claims")),
            Alert("AgentTelemetryAbsent", "telemetry", "warning", ("service_name", "claims")),
        ]);

    [Fact]
    public Task A_worker_that_is_behind_mutes_silent_services_and_nothing_else() => InhibitionAsync(
        told:
        [
            Alert("SpanMetricsLagging", "pipeline", "warning", ("instance", "w:9464")),
            Alert("AgentDenySpikeQuietTool", "deny", "critical", ("service_name", "claims"), ("tool", "shell")),
        ],
        muted: [Alert("AgentTelemetryAbsent", "telemetry", "warning", ("service_name", "claims"))]);

    [Fact]
    public Task A_page_mutes_the_ticket_of_the_same_alert_and_service_and_no_other() => InhibitionAsync(
        told:
        [
            Alert("AgentDenyBudgetBurn", "slo", "critical", ("service_name", "claims"), ("window", "1h")),
            Alert("AgentDenyBudgetBurn", "slo", "warning", ("service_name", "refunds"), ("window", "3d")),
            Alert("SpanMetricsLagging", "pipeline", "critical", ("instance", "w:9464")),
            Alert("SpanMetricsLagging", "pipeline", "warning", ("instance", "w2:9464")),
        ],
        muted:
        [
            Alert("AgentDenyBudgetBurn", "slo", "warning", ("service_name", "claims"), ("window", "3d")),
            Alert("SpanMetricsLagging", "pipeline", "warning", ("instance", "w:9464")),
        ]);

    [Fact]
    public Task A_quiet_tool_that_spikes_mutes_the_other_alerts_on_its_denies_and_those_of_no_other_tool() => InhibitionAsync(
        told:
        [
            Alert("AgentDenySpikeQuietTool", "deny", "critical", ("service_name", "claims"), ("tool", "shell")),
            Alert("AgentDenySpikeVersusP99", "deny", "warning", ("service_name", "claims"), ("tool", "send_mail")),
        ],
        muted:
        [
            Alert("AgentDenySpikeVersusBaseline", "deny", "warning", ("service_name", "claims"), ("tool", "shell")),
            Alert("AgentDenySpikeVersusP99", "deny", "warning", ("service_name", "claims"), ("tool", "shell")),
            Alert("AgentToolFirstDeny", "deny", "info", ("service_name", "claims"), ("tool", "shell")),
        ]);

    [Theory]
    [InlineData("<!channel> *fire* <http://evil.example|click>", "__channel_ _fire_ _http:/evil.example_click_")]
    [InlineData("{{ .Labels }} \"}]} `rm` \u202Eolleh\n\nhttps://evil.example", "__ .Labels __ \"___ _rm_ _olleh__https:/evil.example")]
    [InlineData("инструмент 工具", "инструмент 工具")]
    public async Task A_hostile_name_is_plain_text_in_a_message(string name, string shown)
    {
        using var receiver = new MessageReceiver();
        await using AlertmanagerServer server = await AlertmanagerServer.StartAsync(receiver.Address);
        Dictionary<string, string> annotations = new()
        {
            ["summary"] = $"{name} was called",
            ["description"] = new string('x', 5_000) + name,
            ["runbook_url"] = "docs/alerting.md#agentungatedtoolcalls",
            ["dashboard_url"] = $"/d/spanmetrics-decisions?var-tool={Uri.EscapeDataString(name)}",
        };
        await server.PostAsync((Alert("AgentUngatedToolCalls", "policy", "critical", ("service_name", "claims"), ("tool", name)), annotations));
        await Eventually.Async(() => receiver.Messages.Count > 0, Deadline, "a message", server.Describe);

        (_, string path, string body) = receiver.Messages.First();
        using JsonDocument message = JsonDocument.Parse(body);
        JsonElement attachment = message.RootElement.GetProperty("attachments")[0];
        string text = attachment.GetProperty("text").GetString()!;

        Assert.Equal("/slack", path);
        Assert.StartsWith(shown, text, StringComparison.Ordinal);
        Assert.StartsWith($"[FIRING 1] AgentUngatedToolCalls claims {shown}", attachment.GetProperty("title").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("://evil", body, StringComparison.Ordinal);
        Assert.DoesNotContain(text, letter => letter is '<' or '>' or '`' or '*' or '|' or '\u202E');
        Assert.InRange(text.Length, 0, 1_000);
        Assert.Equal("https://git.example.com/spanmetrics/blob/main/docs/alerting.md#agentungatedtoolcalls", attachment.GetProperty("title_link").GetString());
        Assert.Contains($"Dashboard: https://grafana.example.com/d/spanmetrics-decisions?var-tool={Uri.EscapeDataString(name)}", text, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Alert(string name, string category, string severity, params (string Name, string Value)[] labels)
    {
        Dictionary<string, string> alert = new() { ["alertname"] = name, ["category"] = category, ["severity"] = severity };
        foreach ((string label, string value) in labels)
        {
            alert[label] = value;
        }

        return alert;
    }

    private static async Task InhibitionAsync(Dictionary<string, string>[] told, Dictionary<string, string>[] muted)
    {
        using var receiver = new MessageReceiver();
        await using AlertmanagerServer server = await AlertmanagerServer.StartAsync(receiver.Address);
        await server.PostAsync([.. told.Concat(muted).Select(alert => (alert, new Dictionary<string, string>()))]);
        string[] expected = [.. told.Select(alert => Text(alert, isMuted: false)), .. muted.Select(alert => Text(alert, isMuted: true))];
        string[] seen = [];
        await Eventually.Async(
            async () => (seen = [.. (await server.AlertsAsync()).Select(alert => Text(alert.Labels, alert.IsMuted))]).ToHashSet().SetEquals(expected),
            Deadline,
            string.Join('\n', expected),
            () => $"seen:\n{string.Join('\n', seen)}");
    }

    private static string Text(IReadOnlyDictionary<string, string> labels, bool isMuted) =>
        $"{string.Join(' ', labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => label.Value))} {(isMuted ? "muted" : "told")}";

    private static async Task AmtoolAsync(params string[] arguments)
    {
        await using ChildProcess amtool = ChildProcess.Start(Parts.Require("AMTOOL"), arguments);
        Assert.True(await amtool.ExitAsync(Deadline) == 0, amtool.Describe());
    }
}
