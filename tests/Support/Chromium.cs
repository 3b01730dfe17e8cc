using Microsoft.Playwright;

namespace SpanMetrics.Tests.Support;

/// <summary>The browser of the variable CHROMIUM, started by the first test that wants it; each test has a profile of its own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
    }

    internal async Task<BrowserTab> OpenAsync(Uri page, int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        string program = Parts.Require("CHROMIUM");
        _playwright ??= await Playwright.CreateAsync();
        _browser ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        });
        IBrowserContext context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = scheme,
            Locale = "en-GB",
            TimezoneId = "UTC",
        });
        return await BrowserTab.OpenAsync(context, page);
    }
}
