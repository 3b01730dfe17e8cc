namespace SpanMetrics.Tests.Support;

/// <summary>The real curl.</summary>
internal static class Curl
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>The status that it got, 0 for none; its exit code (35, 56: the handshake failed; 60: the server is not trusted); body and headers.</summary>
    public static async Task<(int Status, int ExitCode, string Text)> GetAsync(string url, params string[] arguments)
    {
        await using var curl = ChildProcess.Start(Find(), ["--silent", "--show-error", "--include", "--max-time", "20", "--write-out", "\n%{http_code}", .. arguments, url]);
        int exitCode = await curl.ExitAsync(Deadline);
        int end = curl.Output.LastIndexOf('\n');
        return (int.Parse(curl.Output[(end + 1)..]), exitCode, curl.Output[..end] + curl.Error);
    }

    private static string Find()
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
        {
            var file = Path.Combine(folder, "curl");
            if (File.Exists(file))
            {
                return file;
            }
        }
        return Parts.Missing("curl is not installed");
    }
}
