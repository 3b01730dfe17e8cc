using System.Runtime.InteropServices;

namespace SpanMetrics.Perf;

/// <summary>What the numbers were measured on.</summary>
internal static class Machine
{
    public static string Describe() =>
        $"{First("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {DateTime.UtcNow:yyyy-MM-dd}, load {File.ReadAllText("/proc/loadavg")[..4]}";

    private static string First(string file, string key) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor";
}
