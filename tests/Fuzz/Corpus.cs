using SpanMetrics.Oracle;
using SpanMetrics.Otlp;

namespace SpanMetrics.Fuzz;

/// <summary>The records that mutations start from: pieces of captures and made-up batches of one signal, and every record that once showed a difference in any.</summary>
internal sealed class Corpus
{
    private const int MadeUp = 400;
    private const int MostBytes = 1200;

    private readonly List<byte[]> _records = [];

    public Corpus(Signal signal)
    {
        Signal = signal;
        _records.AddRange(Finds().Select(File.ReadAllBytes));
        string captures = signal == Signal.Traces ? "*.traces.pb" : "*.logs.pb";
        foreach (string capture in Directory.EnumerateFiles(Data, captures, SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            _records.AddRange(RecordsOf(File.ReadAllBytes(capture)).SelectMany(Pieces));
        }

        for (int seed = 0; seed < MadeUp; seed++)
        {
            _records.Add(WireNode.Write(BatchMaker.Make(signal, seed, size: 1 + (seed % 4))));
        }

        _records.RemoveAll(record => record.Length > MostBytes);
        Trees = [.. _records.Select(record => WireNode.Parse(record, Shape))];
    }

    public static string FindsFolder => Path.Combine(Data, "fuzz");

    public Signal Signal { get; }

    public WireShape Shape => WireShape.Of(Signal);

    public IReadOnlyList<byte[]> Records => _records;

    /// <summary>The records taken apart, in the same order.</summary>
    public IReadOnlyList<List<WireNode>> Trees { get; }

    private static string Data { get; } = FindData();

    public static IEnumerable<string> Finds() =>
        Directory.Exists(FindsFolder) ? Directory.EnumerateFiles(FindsFolder, "*.bin").Order(StringComparer.Ordinal) : [];

    // One span or log record each, with what stands around it.
    private IEnumerable<byte[]> Pieces(byte[] record)
    {
        foreach (WireNode resourceItems in WireNode.Parse(record, Shape).Where(node => node.Children is not null))
        {
            foreach (WireNode scopeItems in resourceItems.Children!.Where(node => node is { Number: 2, Children: not null }))
            {
                foreach (WireNode item in scopeItems.Children!.Where(node => node.Number == 2))
                {
                    IEnumerable<WireNode> scope = scopeItems.Children!.Where(node => node.Number == 1);
                    IEnumerable<WireNode> resource = resourceItems.Children!.Where(node => node.Number == 1);
                    yield return WireNode.Write([WireNode.Message(1, [.. resource, WireNode.Message(2, [.. scope, item])])]);
                }
            }
        }
    }

    private static IEnumerable<byte[]> RecordsOf(byte[] file)
    {
        using var from = new MemoryStream(file);
        using var reader = new BinaryReader(from);
        while (from.Position < file.Length)
        {
            yield return reader.ReadBytes(reader.Read7BitEncodedInt());
        }
    }

    private static string FindData()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SpanMetrics.sln")))
            {
                return Path.Combine(folder.FullName, "tests", "data");
            }
        }

        throw new InvalidOperationException($"no SpanMetrics.sln above {AppContext.BaseDirectory}");
    }
}
