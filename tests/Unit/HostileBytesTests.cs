using SpanMetrics.Aggregation;
using SpanMetrics.Otlp;
using SpanMetrics.Pipeline;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Unit;

/// <summary>Bytes that nobody meant, through all rooms from the decoder to the page.</summary>
public sealed class HostileBytesTests
{
    private const int Rounds = 20_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Random_bytes_never_throw_and_every_record_is_accounted_for(int seed)
    {
        var random = new Random(seed);
        ReplaySink sink = Printed.Sink();
        byte[] buffer = new byte[256];
        for (int i = 0; i < Rounds; i++)
        {
            Span<byte> record = buffer.AsSpan(0, random.Next(buffer.Length));
            random.NextBytes(record);
            if (i % 2 == 0 && record.Length > 2)
            {
                record[0] = 0x0A;   // half of them look like OTLP at first
                record[1] = (byte)(record.Length - 2);
            }
            sink.Take(record, isNull: false);
        }

        AssertAccounted(sink, Rounds);
    }

    [Fact]
    public void Captures_with_flipped_bytes_never_throw_and_every_record_is_accounted_for()
    {
        var random = new Random(3);
        ReplaySink sink = Printed.Sink();
        byte[][] captures = [.. SpanCapture.AllKitelogik().SelectMany(capture => capture.Records)];
        for (int i = 0; i < Rounds; i++)
        {
            byte[] record = [.. captures[i % captures.Length]];
            for (int flips = random.Next(1, 6); flips > 0; flips--)
            {
                record[random.Next(record.Length)] ^= (byte)(1 << random.Next(8));
            }
            sink.Take(record.AsSpan(0, random.Next(4) == 0 ? random.Next(record.Length) : record.Length), isNull: false);
        }

        AssertAccounted(sink, Rounds);
    }

    [Fact]
    public void A_record_longer_than_the_limit_is_rejected_unread()
    {
        byte[] record = Assert.Single(SpanCapture.Kitelogik("adapter-0.4.0").Records);
        ReplaySink asLong = Printed.Sink(new AggregationOptions { RecordBytes = record.Length });
        ReplaySink longer = Printed.Sink(new AggregationOptions { RecordBytes = record.Length - 1 });

        asLong.Take(record, isNull: false);
        longer.Take(record, isNull: false);

        Assert.True(Printed.Parsed(asLong.Fold()).Sum("traces_spanmetrics_calls_total") > 0);
        MetricsPage page = Printed.Parsed(longer.Fold());
        Assert.Equal(1, page.Sum("spanmetrics_input_records_total", ("outcome", "rejected"), ("reason", "too_large")));
        Assert.Equal(record.Length, page.Sum("spanmetrics_input_bytes_total"));
        Assert.Equal(0, page.Sum("spanmetrics_input_spans_total"));
    }

    /// <summary>No second answer of a decoder depends on what it decoded first.</summary>
    [Fact]
    public void A_decoder_remembers_nothing_of_the_record_before()
    {
        var random = new Random(4);
        var used = new TracesDecoder(SpanMetrics.Configuration.Emitters.Rules.Selector);
        byte[] capture = Assert.Single(SpanCapture.Kitelogik("adapter-0.4.0").Records);
        for (int i = 0; i < 500; i++)
        {
            byte[] record = [.. capture];
            record[random.Next(record.Length)] ^= (byte)(1 << random.Next(8));
            Decoded fresh = Decoded.Of(record);
            Decoded again = Decoded.Of(record, used);

            Assert.Equal(fresh.Status, again.Status);
            Assert.Equal(fresh.Invalid, again.Invalid);
            Assert.Equal(fresh.Spans, again.Spans);
        }
    }

    private static void AssertAccounted(ReplaySink sink, int records)
    {
        MetricsPage page = Printed.Parsed(sink.Fold());
        double counted = page.Sum("spanmetrics_input_spans_total", ("outcome", "counted"));

        Assert.Equal(records, page.Sum("spanmetrics_input_records_total"));
        Assert.Equal(counted, page.Sum("traces_spanmetrics_calls_total"));
        Assert.True(page.Sum("spanmetrics_input_records_total", ("outcome", "rejected")) > 0);
    }
}
