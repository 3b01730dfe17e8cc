using System.Globalization;
using Microsoft.Playwright;
using SpanMetrics.Generator;
using SpanMetrics.Otlp;
using SpanMetrics.Tests.Support;
using SpanMetrics.Tests.Unit;

namespace SpanMetrics.Tests.EndToEnd;

/// <summary>The page for people, in a real browser.</summary>
[Collection(ChromiumGroup.Name)]
public sealed class StatusPageTests(Chromium chromium)
{
    private const int PhoneWidth = 360;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_page_shows_the_numbers_of_metrics()
    {
        Parts.Require("CHROMIUM");
        using var kafka = new MockKafka();
        byte[][] records = [.. CaptureRecords.All().Where(record => record.Signal == Signal.Traces).Select(record => record.Bytes), .. Traffic(5)];
        await kafka.Writer.WriteAllAsync("page", records);
        await using Worker worker = Worker.Start(kafka.Brokers, "page", "page");
        MetricsPage page = await worker.PageAsync(page => page.Sum("spanmetrics_input_records_total") == records.Length, Deadline, "all records");
        await using BrowserTab tab = await chromium.OpenAsync(new Uri($"http://{worker.Address}/?window=start"));

        await tab.ShowsAsync("#state", "live");
        await tab.ShowsAsync("#card-decisions", Shown(page.Sum("agent_decisions_total")));
        await tab.ShowsAsync("#card-deny", Shown(page.Sum("agent_decisions_total", ("deny", "true"))));
        await tab.ShowsAsync("#card-hitl", Shown(page.Sum("agent_decisions_total", ("outcome", "hitl"))));
        await tab.ShowsAsync("#card-ungated", Shown(page.Sum("agent_ungated_tool_calls_total")));
        await tab.Page.ClickAsync("#tools-all");
        Dictionary<string, Dictionary<string, string>> tools = await tab.TableAsync("tools");
        Assert.True(tools.Count > 25);
        Assert.All(tools, tool => Assert.Equal(
            (Of("agent_decisions_total", tool.Key), Of("agent_decisions_total", tool.Key, ("outcome", "deny")), Of("agent_tool_calls_total", tool.Key), Of("agent_ungated_tool_calls_total", tool.Key)),
            (tool.Value["decisions"], tool.Value["deny"], tool.Value["calls"], tool.Value["ungated_calls"])));
        Assert.Contains(tools, tool => tool.Value["trace"].Length == 32);
        Dictionary<string, Dictionary<string, string>> models = await tab.TableAsync("models");
        Assert.All(models, model => Assert.Equal(Shown(page.Sum("agent_tokens_total", ("model", model.Key), ("token_type", "input"))), model.Value["input"]));
        Assert.Contains(models, model => model.Value["cost_usd"].StartsWith('$'));
        string tier = await tab.TextAsync("#by-tier li[data-key=DESTRUCTIVE] small");
        Assert.Equal($"{Shown(page.Sum("agent_decisions_total", ("risk_tier", "DESTRUCTIVE"), ("deny", "true")))} of {Shown(page.Sum("agent_decisions_total", ("risk_tier", "DESTRUCTIVE")))}", tier);
        Assert.Contains(Shown(page.Sum("spanmetrics_input_spans_total")), await tab.TextAsync("#worker"), StringComparison.Ordinal);
        await tab.ScreenshotAsync("captures");
        Assert.Empty(tab.Complaints);

        string Of(string family, string tool, params (string, string)[] labels) => Shown(page.Sum(family, [("tool", tool), .. labels]));
    }

    [Fact]
    public async Task The_page_updates_itself_without_being_loaded_again()
    {
        await using StatusHost host = await StatusHost.StartAsync();
        host.Take(OtlpBytes.Denied("refund"));
        await using BrowserTab tab = await chromium.OpenAsync(host.Address);
        await tab.ShowsAsync("#card-deny", "1");
        await tab.Page.FocusAsync("#tools th button >> nth=3");

        host.Take(StatusSource.Decision("desk", "refund", isDenied: true, count: 5), StatusSource.Decision("desk", "search", isDenied: false, count: 6));

        await tab.ShowsAsync("#card-deny", "6");
        Assert.Equal(["refund", "search"], (await tab.TableAsync("tools")).Keys);
        Assert.Equal("50.0 %", (await tab.TextAsync("#card-deny-note")).Split(" of")[0].Replace('\u00a0', ' '));
        Assert.True(await tab.Page.EvaluateAsync<bool>("document.activeElement.tagName === 'BUTTON'"), "the focus went away with the update");
        Assert.Equal(1, tab.Loads);
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Service_and_time_are_chosen_and_kept_in_the_address()
    {
        await using StatusHost host = await StatusHost.StartAsync();
        host.Take(StatusSource.Decision("desk", "refund", isDenied: true, count: 2), StatusSource.Decision("shop", "search", isDenied: false, count: 40));
        await using BrowserTab tab = await chromium.OpenAsync(host.Address);
        await tab.ShowsAsync("#card-decisions", "42");

        await tab.Page.SelectOptionAsync("#service", "shop");
        await tab.ShowsAsync("#card-decisions", "40");
        Assert.Equal(["search"], (await tab.TableAsync("tools")).Keys);
        await tab.Page.FocusAsync("input[name=window]:checked");
        await tab.Page.Keyboard.PressAsync("ArrowRight");

        await Eventually.Async(() => tab.Page.Url.EndsWith("/?service=shop&window=15m", StringComparison.Ordinal), Deadline, "service and time in the address", () => tab.Page.Url);
        await tab.Page.ReloadAsync();
        await tab.ShowsAsync("#card-decisions", "40");
        Assert.True(await tab.Page.IsCheckedAsync("input[value='15m']"));
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Hostile_names_are_text_and_nothing_else()
    {
        string[] names =
        [
            "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>", "javascript:alert(1)", "{{constructor.constructor('alert(1)')()}}",
            "__proto__", "constructor", "toString", "\u202egpj.exe", "מחק הכל", "احذف كل شيء", "a\u0301\u0301\u0301\u0301", new('W', 128), "https://evil.example/x",
        ];
        await using StatusHost host = await StatusHost.StartAsync();
        host.Take([.. names.Select(name => StatusSource.Decision(name, name, isDenied: true, count: 5))]);
        host.Take([.. Enumerable.Range(0, 10_000).Select(i => StatusSource.Decision("desk", $"<b>{i}</b>", isDenied: true))]);
        await using BrowserTab tab = await chromium.OpenAsync(host.Address, PhoneWidth);

        await tab.ShowsAsync("#card-deny", Shown(10_000 + (names.Length * 5)));
        Assert.Equal(25, (await tab.TableAsync("tools")).Count);
        Assert.Contains("9,814 more tools are not listed", await tab.TextAsync("#tools-more"), StringComparison.Ordinal);
        await tab.Page.ClickAsync("#tools-all");
        Dictionary<string, Dictionary<string, string>> tools = await tab.TableAsync("tools");
        Assert.Equal(200, tools.Count);
        Assert.Superset(new HashSet<string> { "_script_alert(1)_/script_", "__proto__", "constructor", "toString", "מחק הכל", "احذف كل شيء" }, tools.Keys.ToHashSet());
        Assert.All(tools.Where(tool => tool.Key is "__proto__" or "constructor" or "toString"), tool => Assert.Equal((tool.Key, "5"), (tool.Value["tool"], tool.Value["deny"])));
        Assert.Equal(0, await tab.Page.EvaluateAsync<int>("document.querySelectorAll('main :is(script, img, iframe, a, object), #tools b, option > *').length"));
        Assert.Empty(await tab.TooWideAsync());
        await tab.ScreenshotAsync("hostile");
        Assert.Empty(tab.Complaints);
    }

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(PhoneWidth, ColorScheme.Light)]
    [InlineData(PhoneWidth, ColorScheme.Dark)]
    public async Task Everybody_can_read_it(int width, ColorScheme scheme)
    {
        await using StatusHost host = await StatusHost.StartAsync();
        host.Take([.. Traffic(5), [1, 2, 3], .. SpanCapture.Of("agentgateway/v141_cost").Records, .. SpanCapture.Of("adk/adk213-tools").Records]);
        await using BrowserTab tab = await chromium.OpenAsync(host.Address, width, scheme);
        await tab.ShowsAsync("#state", "live");

        Assert.Empty(await tab.AccessibilityViolationsAsync());

        Assert.Empty(await tab.TooWideAsync());
        string back = await tab.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        Assert.Equal(scheme == ColorScheme.Dark, back == "rgb(17, 22, 28)");
        await tab.ScreenshotAsync($"{(width == PhoneWidth ? "phone" : "desk")}-{scheme.ToString().ToLowerInvariant()}");
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Everything_is_reached_and_done_by_keyboard()
    {
        await using StatusHost host = await StatusHost.StartAsync();
        host.Take(StatusSource.Decision("desk", "refund", isDenied: true, count: 2), StatusSource.Decision("desk", "search", isDenied: false, count: 40));
        await using BrowserTab tab = await chromium.OpenAsync(host.Address);
        await tab.ShowsAsync("#card-decisions", "42");

        var reached = new List<string>();
        for (int i = 0; i < 20; i++)
        {
            await tab.Page.Keyboard.PressAsync("Tab");
            reached.Add(await tab.Page.EvaluateAsync<string>("document.activeElement.id || document.activeElement.name || document.activeElement.textContent"));
            Assert.True(await tab.Page.EvaluateAsync<bool>("document.activeElement === document.body || getComputedStyle(document.activeElement).outlineStyle !== 'none' || getComputedStyle(document.activeElement.nextElementSibling).outlineStyle !== 'none'"), $"nothing shows that {reached[^1]} has the focus");
            if (reached[^1] == "Decisions")
            {
                await tab.Page.Keyboard.PressAsync("Enter");
                break;
            }
        }

        Assert.Equal(["service", "window", "Tool", "Decisions"], reached);
        Assert.Equal(["search", "refund"], (await tab.TableAsync("tools")).Keys);
        Assert.Equal("descending", await tab.Page.GetAttributeAsync("#tools th >> nth=1", "aria-sort"));
        await tab.Page.Keyboard.PressAsync("Enter");
        Assert.Equal(["refund", "search"], (await tab.TableAsync("tools")).Keys);
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task A_worker_that_does_not_answer_is_told_and_the_last_numbers_stay()
    {
        StatusHost host = await StatusHost.StartAsync();
        host.Take(OtlpBytes.Denied("refund"));
        await using BrowserTab tab = await chromium.OpenAsync(host.Address);
        await tab.ShowsAsync("#card-deny", "1");

        await host.DisposeAsync();

        await Eventually.Async(async () => (await tab.TextAsync("#state")).StartsWith("the worker does not answer; these numbers are of ", StringComparison.Ordinal), Deadline, "word that nobody answers");
        await tab.ShowsAsync("#card-deny", "1");
        Assert.True(await tab.Page.EvaluateAsync<bool>("document.body.classList.contains('stale')"));
    }

    [Fact]
    public async Task A_newcomer_is_told_what_to_do_until_spans_come()
    {
        await using StatusHost host = await StatusHost.StartAsync();
        await using BrowserTab tab = await chromium.OpenAsync(host.Address);
        await tab.ShowsAsync("#empty-title", "Nothing has come yet");
        Assert.Contains("otlp_spans", await tab.TextAsync("#empty"), StringComparison.Ordinal);
        Assert.False(await tab.Page.IsVisibleAsync("#cards"));
        await tab.ScreenshotAsync("empty");

        host.Take(OtlpBytes.Denied("refund"));

        await tab.ShowsAsync("#card-deny", "1");
        Assert.False(await tab.Page.IsVisibleAsync("#empty"));
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task A_worker_that_is_not_ready_says_why()
    {
        await using StatusHost host = await StatusHost.StartAsync("no partition was assigned yet");
        await using BrowserTab tab = await chromium.OpenAsync(host.Address);

        await tab.ShowsAsync("#state", "not ready");
        await tab.ShowsAsync("#empty-title", "The worker is not connected yet");
        Assert.Contains("no partition was assigned yet", await tab.TextAsync("#empty-why"), StringComparison.Ordinal);
        Assert.Empty(tab.Complaints);
    }

    // Of 1,000 spans each, which the mock cluster takes.
    private static IEnumerable<byte[]> Traffic(int records)
    {
        var traffic = new AgentTraffic(1, []);
        var to = new WireWriter();
        for (int i = 0; i < records; i++)
        {
            to.Clear();
            traffic.WriteBatch(to, 1_000, (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000);
            yield return to.Written.ToArray();
        }
    }

    private static string Shown(double value) => value.ToString("#,0.#", CultureInfo.InvariantCulture);
}
