using System.Diagnostics;
using SpanMetrics.Pipeline;
using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Unit;

/// <summary>
/// A record costs as much as its bytes, whatever is in them: one of 1 MiB that took minutes would be read again by every worker of the
/// group. Eight times the bytes may take many times as long here, for machines are busy, but not 64 times.
/// </summary>
public sealed class LinearCostTests
{
    private const int Small = 32 * 1024;
    private const int Times = 8;

    public static TheoryData<string> Shapes => [.. Makers.Keys];

    // Each makes about as many bytes as it is told.
    private static Dictionary<string, Func<int, byte[]>> Makers => new()
    {
        ["a value of many fields, then many empty keys"] = bytes => Record("desk", "s", Span("a", Bytes(9, [Bytes(2, Repeated(bytes / 2, Varint(3, 1))), Repeated(bytes / 2, Bytes(1))]))),
        ["one key many times, first with a value of many fields"] = bytes => Record(
            "desk", "s", Span("a", Value("kitelogik.policy.deny", Repeated(bytes / 2, Varint(3, 1))), Repeated(bytes / 2, Attribute("kitelogik.policy.deny", false)))),
        ["a service name of blanks, and many spans"] = bytes => Spans(bytes, Text(1, new string(' ', bytes / 2))),
        ["a service name of many fields, and many spans"] = bytes => Spans(bytes, Repeated(bytes / 2, Text(1, "a"))),
        ["a service name of invisible characters, and many spans"] = bytes => Spans(bytes, Text(1, new string('\u200B', bytes / 6))),
        ["many spans that each repeat a long name"] = bytes => Record("desk", "s", Repeated(bytes, Span(new string('é', 100)))),
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Time_grows_with_the_bytes_of(string shape)
    {
        ReplaySink sink = Printed.Sink();
        byte[] small = Makers[shape](Small), large = Makers[shape](Small * Times);
        double shortest = Time(sink, small);

        Assert.InRange(Time(sink, large) / shortest, 0, Times * Times);
    }

    private static double Time(ReplaySink sink, byte[] record)
    {
        double least = double.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long start = Stopwatch.GetTimestamp();
            sink.Take(record, isNull: false);
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return least;
    }

    private static byte[] Spans(int bytes, byte[] serviceName) =>
        ResourceSpans(Resource(Bytes(1, Text(1, "service.name"), Bytes(2, serviceName))), ScopeSpans(Scope("s"), Repeated(bytes / 2, Bytes(2))));

    private static byte[] Repeated(int bytes, byte[] part) => [.. Enumerable.Repeat(part, bytes / part.Length).SelectMany(one => one)];
}
