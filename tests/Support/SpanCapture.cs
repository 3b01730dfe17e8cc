using System.Text.Json;

namespace SpanMetrics.Tests.Support;

/// <summary>A capture of the corpus: export requests as an emitter sent them, and what they must add up to.</summary>
internal sealed class SpanCapture
{
    private const string Traces = ".traces.pb";
    private const string Logs = ".logs.pb";
    private const string Expected = ".expect.json";

    private static readonly string Corpus = Repository.PathOf("tests", "data", "corpus");

    private SpanCapture(string name)
    {
        var path = Path.Combine(Corpus, name);
        File = path + Traces;
        Records = Requests(File);
        LogRequests = Requests(path + Logs);
        var json = System.IO.File.ReadAllText(path + Expected);
        Expectation = Expectation.Parse(json);
        using var document = JsonDocument.Parse(json);
        AccessLogExpectation = document.RootElement.TryGetProperty("logs", out var logs) ? Expectation.Parse(logs.GetRawText()) : Expectation;
    }

    /// <summary>Of the spans; it is not there where only log records were captured.</summary>
    public string File { get; }

    public IReadOnlyList<byte[]> Records { get; }

    public IReadOnlyList<byte[]> LogRequests { get; }

    public Expectation Expectation { get; }

    /// <summary>What a gateway's access log alone adds up to.</summary>
    public Expectation AccessLogExpectation { get; }

    public int SpanCount => Records.Sum(CountSpans);

    /// <summary>Each as EMITTER/NAME.</summary>
    public static IEnumerable<string> Names { get; } =
        [.. Directory.GetFiles(Corpus, "*" + Expected, SearchOption.AllDirectories).Select(NameOf).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> KitelogikNames { get; } =
        [.. Names.Where(name => name.StartsWith("kitelogik/", StringComparison.Ordinal)).Select(name => name["kitelogik/".Length..])];

    public static SpanCapture Of(string name) => new(name);

    public static SpanCapture Kitelogik(string name) => new("kitelogik/" + name);

    public static IReadOnlyList<SpanCapture> AllKitelogik() => [.. KitelogikNames.Select(Kitelogik)];

    /// <summary>The one export request of log records in a capture.</summary>
    public static byte[] LogsRequest(string name) => Assert.Single(Of(name).LogRequests);

    // ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
    // ResourceSpans { repeated ScopeSpans scope_spans = 2; }   ScopeSpans { repeated Span spans = 2; }
    public static int CountSpans(byte[] record) =>
        Fields(record, 1).SelectMany(resource => Fields(resource, 2)).SelectMany(scope => Fields(scope, 2)).Count();

    /// <summary>By scope, of each span or log record, as hexadecimal; field 1 of a span, 9 of a log record, which may have none.</summary>
    public static IEnumerable<IEnumerable<string>> TraceIds(byte[] record, int field = 1) =>
        Fields(record, 1)
            .SelectMany(resource => Fields(resource, 2))
            .Select(scope => Fields(scope, 2).Select(item => Convert.ToHexStringLower(Fields(item, field).SingleOrDefault() ?? [])));

    private static string NameOf(string file) => Path.GetRelativePath(Corpus, file)[..^Expected.Length];

    private static byte[][] Requests(string file) =>
        System.IO.File.Exists(file) ? [.. Delimited(System.IO.File.ReadAllBytes(file))] : [];

    public static IEnumerable<byte[]> Delimited(byte[] file)
    {
        for (var at = 0; at < file.Length;)
        {
            var length = (int)Varint(file, ref at);
            yield return file[at..(at + length)];
            at += length;
        }
    }

    private static IEnumerable<byte[]> Fields(byte[] message, int number)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    if (tag >> 3 == (ulong)number)
                    {
                        yield return message[at..(at + length)];
                    }
                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"wire type {tag & 7}");
            }
        }
    }

    private static ulong Varint(byte[] from, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var read = from[at++];
            value |= (ulong)(read & 0x7F) << shift;
            if (read < 0x80)
            {
                return value;
            }
        }
    }
}
