using FsCheck;
using FsCheck.Fluent;
using SpanMetrics.Oracle;
using SpanMetrics.Otlp;

namespace SpanMetrics.Tests.Properties;

/// <summary>A batch in some shape that the wire allows; shown as hex, and made simpler field by field when a property fails on it.</summary>
internal sealed class Batch(Signal signal, List<WireNode> fields)
{
    public static Arbitrary<Batch> Any { get; } = Of(Signal.Traces, Signal.Logs);

    public static Arbitrary<Batch> OfSpans { get; } = Of(Signal.Traces);

    /// <summary>The same, broken off somewhere.</summary>
    public static Arbitrary<Batch> AnyCut { get; } = Cut(Any);

    public static Arbitrary<Batch> OfSpansCut { get; } = Cut(OfSpans);

    public Signal Signal => signal;

    public List<WireNode> Fields => fields;

    public byte[] Bytes { get; } = WireNode.Write(fields);

    /// <summary>The same batch with resources and scopes before or behind the items that they belong to.</summary>
    public Batch WithResourcesAndScopes(bool first) => new(signal,
    [
        .. fields.Select(resource => Sorted(resource, first)).Select(resource => resource.Number == 1 && resource.Children is List<WireNode> children
            ? WireNode.Message(1, children.Select(child => child.Number == 2 ? Sorted(child, first) : child))
            : resource),
    ]);

    /// <summary>Each of its top-level fields as a record of its own.</summary>
    public IEnumerable<byte[]> Records() => fields.Select(field => WireNode.Write([field]));

    /// <summary>Each of its items in a record of its own, with all that stands beside it but the other items.</summary>
    public IEnumerable<byte[]> Items() =>
        from resource in fields.Where(field => field is { Number: 1, Children: not null })
        from scope in resource.Children!.Where(child => child is { Number: 2, Children: not null })
        from item in scope.Children!.Where(child => child.Number == 2)
        let alone = WireNode.Message(2, scope.Children!.Where(child => child.Number != 2 || child == item))
        select WireNode.Write([WireNode.Message(1, resource.Children!.Where(child => child.Number != 2 || child == scope).Select(child => child == scope ? alone : child))]);

    public override string ToString() => $"record of {signal} {Convert.ToHexString(Bytes)}";

    private static Arbitrary<Batch> Of(params Signal[] signals) => Arb.From(
        from signal in Gen.Elements(signals)
        from size in Gen.Choose(1, 4)
        from seed in Gen.Choose(0, int.MaxValue)
        select new Batch(signal, BatchMaker.Make(signal, seed, size)),
        Simpler);

    private static Arbitrary<Batch> Cut(Arbitrary<Batch> whole) => Arb.From(
        from batch in whole.Generator
        from length in Gen.Choose(0, batch.Bytes.Length)
        select new Batch(batch.Signal, WireNode.Parse(batch.Bytes[..length], WireShape.Of(batch.Signal))),
        Simpler);

    private static IEnumerable<Batch> Simpler(Batch batch) => Smaller.Of(batch.Fields).Select(fields => new Batch(batch.Signal, fields));

    private static WireNode Sorted(WireNode message, bool first)
    {
        WireNode sorted = message.Clone();
        sorted.Children = sorted.Children?.OrderBy(field => field.Number == 1 == first ? 0 : 1).ToList();
        return sorted;
    }
}
