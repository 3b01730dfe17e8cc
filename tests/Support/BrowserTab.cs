using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;

namespace SpanMetrics.Tests.Support;

/// <summary>A page in a browser, and all that the browser had to complain of.</summary>
internal sealed class BrowserTab : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = [];

    private BrowserTab(IBrowserContext context, IPage page, Uri address)
    {
        _context = context;
        Page = page;
        // What the Content-Security-Policy stopped is an error in the console too.
        page.Console += (_, message) => Complain(message.Type is "error" or "warning", $"console: {message.Text}");
        page.PageError += (_, error) => Complain(true, $"script: {error}");
        page.Dialog += (_, dialog) => Complain(true, $"dialog: {dialog.Message}");
        page.Request += (_, request) => Complain(new Uri(request.Url).Authority != address.Authority, $"request: {request.Url}");
        page.RequestFinished += (_, request) => Interlocked.Add(ref _loads, request.IsNavigationRequest ? 1 : 0);
    }

    private int _loads;

    public IPage Page { get; }

    /// <summary>How often the page itself was loaded.</summary>
    public int Loads => _loads;

    public IReadOnlyCollection<string> Complaints => _complaints;

    public static async Task<BrowserTab> OpenAsync(IBrowserContext context, Uri address)
    {
        var tab = new BrowserTab(context, await context.NewPageAsync(), address);
        await tab.Page.GotoAsync(address.ToString());
        return tab;
    }

    public async Task<string> TextAsync(string selector) => (await Page.Locator(selector).InnerTextAsync()).Trim();

    public Task ShowsAsync(string selector, string text) => Eventually.Async(
        async () => await Page.Locator(selector).CountAsync() == 1 && await TextAsync(selector) == text, Deadline, $"\"{text}\" in {selector}", () => string.Join('\n', _complaints));

    /// <summary>The texts of a table's body by the key of the row and the name of the column.</summary>
    public async Task<Dictionary<string, Dictionary<string, string>>> TableAsync(string id)
    {
        using JsonDocument rows = JsonDocument.Parse(await Page.EvaluateAsync<string>(
            "id => JSON.stringify([...document.querySelectorAll(`#${id} tbody tr`)].map(row => [row.dataset.key, Object.fromEntries([...row.cells].map(cell => [cell.dataset.col, cell.textContent]))]))", id));
        return rows.RootElement.EnumerateArray().ToDictionary(
            row => row[0].GetString()!,
            row => row[1].EnumerateObject().ToDictionary(cell => cell.Name, cell => cell.Value.GetString()!));
    }

    /// <summary>What reaches beyond the right edge, so that one would have to scroll.</summary>
    public async Task<string[]> TooWideAsync() => await Page.EvaluateAsync<string[]>(
        """
        [...document.querySelectorAll('html, body, body *')]
          .filter(element => element.getBoundingClientRect().right > innerWidth || (element.localName === 'html' && element.scrollWidth > innerWidth))
          .map(element => `${element.localName}.${element.className} ${element.getBoundingClientRect().right} ${element.textContent.slice(0, 40)}`)
        """);

    /// <summary>Rules of axe-core that the page breaks, with where; WCAG 2.2 up to AA, and its best practices.</summary>
    public async Task<List<string>> AccessibilityViolationsAsync()
    {
        await Page.EvaluateAsync(await File.ReadAllTextAsync(Parts.Require("AXE_CORE")));
        return [.. await Page.EvaluateAsync<string[]>(
            "axe.run().then(result => result.violations.map(rule => `${rule.id}: ${rule.help}: ${rule.nodes.map(node => node.target + ' ' + node.failureSummary).slice(0, 3).join(' | ')}`))")];
    }

    /// <summary>Kept under artifacts/screenshots.</summary>
    public Task ScreenshotAsync(string name) =>
        Page.ScreenshotAsync(new PageScreenshotOptions { Path = Repository.PathOf("artifacts", "screenshots", $"{name}.png"), FullPage = true });

    public async ValueTask DisposeAsync() => await _context.CloseAsync();

    private void Complain(bool isOne, string complaint)
    {
        if (isOne)
        {
            _complaints.Enqueue(complaint);
        }
    }
}
