using SpanMetrics.Otlp;
using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Unit;

/// <summary>The fast way over attributes in the order that was met before, against reading each by itself.</summary>
public sealed class SelectedAttributesTests
{
    private const uint Tag = (9 << 3) | 2;

    // Of all lengths around those that are compared in one piece or two, alike at their starts, in their middles or at their ends.
    private static readonly string[] Keys =
    [
        .. from length in Enumerable.Range(0, 70) select new string('k', length),
        .. from length in Enumerable.Range(9, 61) select string.Concat("x", new string('k', length - 1)),
        .. from length in Enumerable.Range(9, 61) select string.Concat(new string('k', length - 1), "x"),
        .. from length in Enumerable.Range(19, 51) select string.Concat(new string('k', length - 10), "x", new string('k', 9)),
    ];

    [Fact]
    public void What_a_key_means_does_not_depend_on_the_keys_before_it()
    {
        var random = new Random(7);
        string[] asked = [.. Keys.Where((_, i) => i % 3 == 0)];
        var selector = new AttributeSelector(asked, (_, _, _) => true);
        var learned = new SelectedAttributes(selector);
        byte[][][] spans = [.. Enumerable.Range(0, 40).Select(_ => Enumerable.Range(0, random.Next(12)).Select(_ => Attribute(random)).ToArray())];
        int inRuns = 0, read = 0;
        for (int round = 0; round < 5_000; round++)
        {
            byte[][] attributes = spans[random.Next(spans.Length)];
            if (random.Next(4) == 0 && attributes.Length > 0)
            {
                attributes = [.. attributes.Where(_ => random.Next(4) > 0)]; // many writers leave out what they do not know
            }

            byte[] bytes = Join(attributes), record = [.. bytes, .. new byte[random.Next(80)]]; // a span may be the last thing in a record
            var alone = new SelectedAttributes(selector);
            learned.Clear();
            for (int position = 0; position < bytes.Length;)
            {
                int after = learned.ReadRun(record, position, bytes.Length, Tag);
                inRuns += after > position ? 1 : 0;
                for (int at = position; at < after;)
                {
                    at = ReadOne(record, at, bytes.Length, alone);
                }

                Assert.InRange(after, position, bytes.Length);
                position = after;
                if (position < bytes.Length)
                {
                    ReadOne(record, position, bytes.Length, learned);
                    position = ReadOne(record, position, bytes.Length, alone);
                }

                read++;
            }

            for (int slot = 0; slot < asked.Length; slot++)
            {
                Assert.Equal((alone.Present.Has(slot), alone.ValueOf(slot)), (learned.Present.Has(slot), learned.ValueOf(slot)));
            }
        }

        Assert.InRange(inRuns, read / 4, read); // or only the slow way was compared with itself
    }

    private static int ReadOne(byte[] record, int position, int end, SelectedAttributes to)
    {
        var reader = new WireReader(record, new Slice(position, end - position));
        Assert.True(reader.TryReadTag(out uint tag));
        Assert.Equal(Tag, tag);
        Assert.True(reader.TryReadBytes(out Slice keyValue));
        Assert.True(to.TryRead(record, keyValue));
        return reader.Position;
    }

    private static byte[] Attribute(Random random)
    {
        string key = Keys[random.Next(Keys.Length)];
        return random.Next(12) switch
        {
            0 => Bytes(9, Bytes(2, Text(1, "v")), Text(1, key)), // the value first
            1 => Bytes(9, Text(1, key), Bytes(2)),
            2 => Bytes(9, Text(1, key)),
            3 => Bytes(9, Text(1, key), Bytes(2, Text(1, "one")), Bytes(2, Text(1, "two"))),
            4 => Value(key, Text(1, new string('v', random.Next(300)))),
            _ => OtlpBytes.Attribute(key, new string('v', random.Next(30))),
        };
    }
}
