using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace SpanMetrics.Exposition;

/// <summary>What Prometheus' client libraries say of a process, under the names that they have in common.</summary>
internal static class ProcessFamilies
{
    private const string Limits = "/proc/self/limits", OpenFiles = "/proc/self/fd";

    public static IEnumerable<PlainFamily> Read()
    {
        using var process = Process.GetCurrentProcess();
        yield return Of("process_cpu_seconds_total", "CPU time of the process.", Environment.CpuUsage.TotalTime.TotalSeconds, isCounter: true);
        yield return Of("process_resident_memory_bytes", "Memory of the process that is in RAM.", Environment.WorkingSet);
        yield return Of("process_virtual_memory_bytes", "Address space of the process.", process.VirtualMemorySize64);
        yield return Of("process_start_time_seconds", "When the process began, unix time.", ((DateTimeOffset)process.StartTime).ToUnixTimeMilliseconds() / 1e3);
        yield return Of("process_threads", "Threads of the process.", process.Threads.Count);
        if (Directory.Exists(OpenFiles))
        {
            yield return Of("process_open_fds", "Open file descriptors.", Directory.GetFileSystemEntries(OpenFiles).Length - 1); // one is that of the listing
        }

        if (MostOpenFiles() is double most)
        {
            yield return Of("process_max_fds", "File descriptors at which the system refuses more.", most);
        }
    }

    // Max open files            1024                 524288               files
    private static double? MostOpenFiles()
    {
        string text = File.Exists(Limits) ? File.ReadAllText(Limits) : "";
        Match soft = Regex.Match(text, @"^Max open files\s+(\S+)", RegexOptions.Multiline);
        return !soft.Success ? null : double.TryParse(soft.Groups[1].Value, CultureInfo.InvariantCulture, out double most) ? most : double.PositiveInfinity;
    }

    private static PlainFamily Of(string name, string help, double value, bool isCounter = false) => new PlainFamily(name, help, isCounter).With(value);
}
