using System.Collections;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace SpanMetrics.Tests.Support;

/// <summary>A process that this run started, with what it printed. It does not outlive its owner, nor the test host.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    public const int SigInt = 2;
    public const int SigKill = 9;
    public const int SigTerm = 15;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Task _outputRead;
    private readonly Task _errorRead;
    private readonly string _name;
    private int _forgotten;

    private ChildProcess(Process process, string name)
    {
        _process = process;
        _name = name;
        Reaper.Watch(process.Id);
        _outputRead = ReadAsync(process.StandardOutput, _output);
        _errorRead = ReadAsync(process.StandardError, _error);
    }

    public string Output => Text(_output);

    public string Error => Text(_error);

    public bool HasExited => _process.HasExited;

    public static ChildProcess Start(string program, IEnumerable<string> arguments, byte[]? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable.Key is string key && key.StartsWith("SPANMETRICS_", StringComparison.Ordinal))
            {
                start.Environment.Remove(key);   // the developer's own configuration must not leak in
            }
        }
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }
        var child = new ChildProcess(Process.Start(start)!, Path.GetFileName(program));
        _ = child.FeedAsync(input ?? []);
        return child;
    }

    public void Signal(int signal)
    {
        if (!_process.HasExited)
        {
            _ = kill(_process.Id, signal);
        }
    }

    /// <summary>The exit code, once everything it printed has been read.</summary>
    public async Task<int> ExitAsync(TimeSpan deadline)
    {
        await Eventually.Async(() => _process.HasExited, deadline, $"the end of {_name}", Describe);
        ForgetOnce();
        await Task.WhenAll(_outputRead, _errorRead);
        return _process.ExitCode;
    }

    public string Describe() =>
        $"--- {_name} {(HasExited ? $"exited {_process.ExitCode}" : "runs")}; stdout:\n{Tail(Output)}\n--- stderr:\n{Tail(Error)}";

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);   // nothing happens when it has ended
        await _process.WaitForExitAsync();
        ForgetOnce();
        _process.Dispose();
    }

    private static string Tail(string text) => text.Length <= 4_000 ? text : "…" + text[^4_000..];

    private static string Text(StringBuilder from)
    {
        lock (from)
        {
            return from.ToString();
        }
    }

    private static async Task ReadAsync(StreamReader from, StringBuilder to)
    {
        var buffer = new char[4_096];
        int read;
        while ((read = await from.ReadAsync(buffer)) > 0)
        {
            lock (to)
            {
                to.Append(buffer, 0, read);
            }
        }
    }

    private async Task FeedAsync(byte[] input)
    {
        try
        {
            await _process.StandardInput.BaseStream.WriteAsync(input);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading its input: its exit code says why.
        }
    }

    private void ForgetOnce()
    {
        if (Interlocked.Exchange(ref _forgotten, 1) == 0)
        {
            Reaper.Forget(_process.Id);
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int pid, int signal);
}
