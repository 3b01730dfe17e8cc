namespace SpanMetrics.Tests.Support;

/// <summary>A capture of the corpus: export requests as an emitter sent them, and what they must add up to.</summary>
internal sealed class SpanCapture
{
    private SpanCapture(string file)
    {
        File = file;
        Records = [.. Delimited(System.IO.File.ReadAllBytes(file))];
        Expectation = Expectation.Read(file.Replace(".traces.pb", ".expect.json", StringComparison.Ordinal));
    }

    public string File { get; }

    public IReadOnlyList<byte[]> Records { get; }

    public Expectation Expectation { get; }

    public int SpanCount => Records.Sum(CountSpans);

    public static IEnumerable<string> KitelogikNames { get; } =
        [.. Directory.GetFiles(Repository.Kitelogik, "*.traces.pb").Select(file => Path.GetFileName(file)[..^".traces.pb".Length]).Order()];

    public static SpanCapture Kitelogik(string name) => new(Path.Combine(Repository.Kitelogik, name + ".traces.pb"));

    public static IReadOnlyList<SpanCapture> AllKitelogik() => [.. KitelogikNames.Select(Kitelogik)];

    /// <summary>The one export request of a capture in tests/data/logs.</summary>
    public static byte[] LogsRequest(string name) =>
        Assert.Single(Delimited(System.IO.File.ReadAllBytes(Repository.PathOf("tests", "data", "logs", name + ".logs.pb"))));

    // ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
    // ResourceSpans { repeated ScopeSpans scope_spans = 2; }   ScopeSpans { repeated Span spans = 2; }
    public static int CountSpans(byte[] record) =>
        Fields(record, 1).SelectMany(resource => Fields(resource, 2)).SelectMany(scope => Fields(scope, 2)).Count();

    private static IEnumerable<byte[]> Delimited(byte[] file)
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
