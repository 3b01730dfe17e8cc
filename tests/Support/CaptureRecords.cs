using SpanMetrics.Otlp;

namespace SpanMetrics.Tests.Support;

/// <summary>Every request of every capture in tests/data, spans and log records.</summary>
internal static class CaptureRecords
{
    public static IEnumerable<(byte[] Bytes, Signal Signal)> All() => Of("*.traces.pb", Signal.Traces).Concat(Of("*.logs.pb", Signal.Logs));

    private static IEnumerable<(byte[] Bytes, Signal Signal)> Of(string pattern, Signal signal) =>
        Directory.EnumerateFiles(Repository.PathOf("tests", "data"), pattern, SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .SelectMany(file => SpanCapture.Delimited(File.ReadAllBytes(file)))
            .Select(record => (record, signal));
}
