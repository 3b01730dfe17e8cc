using FsCheck;
using FsCheck.Fluent;
using SpanMetrics.Oracle;

namespace SpanMetrics.Tests.Properties;

/// <summary>A batch in some shape that the wire allows; shown as hex, and made simpler field by field when a property fails on it.</summary>
internal sealed class Batch(List<WireNode> fields)
{
    public static Arbitrary<Batch> Any { get; } = Arb.From(
        from size in Gen.Choose(1, 4) from seed in Gen.Choose(0, int.MaxValue) select new Batch(BatchMaker.Make(seed, size)), Simpler);

    /// <summary>The same, broken off somewhere.</summary>
    public static Arbitrary<Batch> AnyCut { get; } = Arb.From(
        from batch in Any.Generator
        from length in Gen.Choose(0, batch.Bytes.Length)
        select new Batch(WireNode.Parse(batch.Bytes[..length], WireShape.Traces)),
        Simpler);

    public List<WireNode> Fields => fields;

    public byte[] Bytes { get; } = WireNode.Write(fields);

    /// <summary>The same batch with resources and scopes before or behind the spans that they belong to.</summary>
    public Batch WithResourcesAndScopes(bool first) => new(
    [
        .. fields.Select(resourceSpans => Sorted(resourceSpans, first)).Select(resourceSpans => resourceSpans.Number == 1 && resourceSpans.Children is List<WireNode> children
            ? WireNode.Message(1, children.Select(child => child.Number == 2 ? Sorted(child, first) : child))
            : resourceSpans),
    ]);

    /// <summary>Each of its top-level fields as a record of its own.</summary>
    public IEnumerable<byte[]> Records() => fields.Select(field => WireNode.Write([field]));

    public override string ToString() => $"record {Convert.ToHexString(Bytes)}";

    private static IEnumerable<Batch> Simpler(Batch batch) => Smaller.Of(batch.Fields).Select(fields => new Batch(fields));

    private static WireNode Sorted(WireNode message, bool first)
    {
        WireNode sorted = message.Clone();
        sorted.Children = sorted.Children?.OrderBy(field => field.Number == 1 == first ? 0 : 1).ToList();
        return sorted;
    }
}
