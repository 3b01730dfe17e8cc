using System.Reflection;
using Confluent.Kafka;

namespace SpanMetrics.Commands;

/// <summary>What is running: the version, and the librdkafka that the loader found.</summary>
internal static class ProgramInfo
{
    public static string Version { get; } =
        typeof(ProgramInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static string LibrdkafkaVersion => Library.VersionString;

    /// <summary>The file that is mapped into this process; a system copy of another version would show here.</summary>
    public static string LibrdkafkaPath
    {
        get
        {
            _ = Library.Version; // loads it
            if (File.Exists("/proc/self/maps"))
            {
                foreach (string line in File.ReadLines("/proc/self/maps"))
                {
                    if (line.Contains("librdkafka", StringComparison.Ordinal))
                    {
                        return line[line.IndexOf('/', StringComparison.Ordinal)..];
                    }
                }
            }

            return "an unknown place";
        }
    }
}
