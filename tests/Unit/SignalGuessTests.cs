using SpanMetrics.Otlp;
using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Unit;

public sealed class SignalGuessTests
{
    private static readonly byte[] TraceId = Bytes(1, new byte[16]);
    private static readonly byte[] SpanId = Bytes(2, new byte[8]);

    // message Metric { string name = 1; string description = 2; string unit = 3; }
    private static readonly byte[] Described = Join(Text(1, "requests"), Text(2, "Requests."), Text(3, "1"));

    // message NumberDataPoint { fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; sfixed64 as_int = 6; }
    private static readonly byte[] Points = Bytes(1, Fixed64(2, 1), Fixed64(3, 2), Fixed64(6, 3));

    [Fact]
    public void A_span_is_known_by_its_ids_or_kind_or_times()
    {
        Assert.Equal(Signal.Traces, Of(TraceId, SpanId, Text(3, "a=b"), Text(5, "chat"), Varint(6, 3), Fixed64(7, 1), Fixed64(8, 2), KeyValue(9), Varint(10, 1), Error("no")));
        Assert.Equal(Signal.Traces, Of(TraceId, SpanId, Text(5, "chat"), KeyValue(9), Bytes(11, Fixed64(1, 1), Text(2, "exception"))));
        Assert.Equal(Signal.Traces, Of(Text(5, "chat"), Varint(6, 3)));
        Assert.Equal(Signal.Traces, Of(Text(5, "chat"), Fixed64(8, 3)));
    }

    [Fact]
    public void A_log_record_is_known_by_its_times_or_severity_or_attributes()
    {
        Assert.Equal(Signal.Logs, Of(Fixed64(1, 1), Varint(2, 9), Text(3, "INFO"), Bytes(5, Text(1, "said")), KeyValue(6), Varint(7, 1), Bytes(9, new byte[16]), Fixed64(11, 1)));
        Assert.Equal(Signal.Logs, Of(Fixed64(11, 1)));
        Assert.Equal(Signal.Logs, Of(Varint(2, 9), Bytes(5, Text(1, "said"))));
        Assert.Equal(Signal.Logs, Of(Bytes(5, Text(1, "said")), KeyValue(6)));
        Assert.Equal(Signal.Logs, Of(Bytes(9, new byte[16]), Bytes(10, new byte[8])));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    public void A_metric_of_any_kind_is_known_by_the_time_of_its_data_points(int kind)
    {
        Assert.Equal(Signal.Metrics, Of(Described, Bytes(kind, Points)));
        Assert.Equal(Signal.Metrics, Of(Text(1, "requests"), Bytes(kind, Varint(2, 2), Varint(3, 1), Points), KeyValue(12)));
        Assert.Equal(Signal.Metrics, Of(Text(1, "name.of.16.bytes"), Text(2, "as an id"), Bytes(kind, Points)));
    }

    [Fact]
    public void A_span_or_log_record_with_a_metric_inside_stays_what_it_is()
    {
        Assert.Equal(Signal.Traces, Of(TraceId, SpanId, Bytes(5, Points), Varint(6, 1)));
        Assert.Equal(Signal.Logs, Of(Bytes(5, Points), Varint(2, 9)));
    }

    [Fact]
    public void What_every_signal_could_have_tells_nothing()
    {
        Assert.Equal(Signal.Unknown, Of());
        Assert.Equal(Signal.Unknown, Of(Text(5, "chat")));
        Assert.Equal(Signal.Unknown, Of(Text(3, "x"), Text(5, "chat"), KeyValue(9)));
        Assert.Equal(Signal.Unknown, Of(Varint(99, 1), Bytes(13, [1]), Varint(14, 1)));
    }

    [Fact]
    public void What_contradicts_itself_tells_nothing()
    {
        Assert.Equal(Signal.Unknown, Of(TraceId, Varint(2, 9)));
        Assert.Equal(Signal.Unknown, Of(Fixed64(7, 1), Fixed64(11, 1)));
        Assert.Equal(Signal.Unknown, Of(Varint(7, 1), Varint(5, 1)));
    }

    [Fact]
    public void A_broken_message_is_judged_by_what_comes_before()
    {
        Assert.Equal(Signal.Traces, Of(TraceId, [0x0F]));
        Assert.Equal(Signal.Logs, Of(Fixed64(1, 1), [0x12, 0x7F]));
        Assert.Equal(Signal.Unknown, Of([0x0F], TraceId));
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(1);
        byte[] bytes = new byte[64];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            int start = random.Next(bytes.Length);
            SignalGuess.Of(bytes, new Slice(start, random.Next(bytes.Length - start)));
        }
    }

    [Fact]
    public void A_whole_record_is_of_the_signal_of_its_first_item_that_tells()
    {
        Assert.Equal(Signal.Logs, SignalGuess.Of(Record("desk", "s", Bytes(2), Bytes(2, Text(5, "?")), LogRecord("a"), Span("b", TraceId))));
        Assert.Equal(Signal.Traces, SignalGuess.Of(Record("desk", "s", Span("b", TraceId), LogRecord("a"))));
        Assert.Equal(Signal.Metrics, SignalGuess.Of(Record("desk", "s", Bytes(2, Text(1, "requests"), Bytes(7, Points)))));
        Assert.Equal(Signal.Unknown, SignalGuess.Of([]));
        Assert.Equal(Signal.Unknown, SignalGuess.Of("a line of text"u8));
        Assert.Equal(Signal.Unknown, SignalGuess.Of(Record("desk", "s")));
    }

    [Fact]
    public void A_scope_behind_its_items_or_a_cut_in_a_later_one_hides_no_signal()
    {
        byte[] scopeLast = Bytes(1, Bytes(2, LogRecord("a"), Bytes(1, Text(1, "scope"))));
        byte[] cut = Record("desk", "s", LogRecord("a"), LogRecord("b"))[..^3];

        Assert.Equal(Signal.Logs, SignalGuess.Of(scopeLast));
        Assert.Equal(Signal.Logs, SignalGuess.Of(cut));
    }

    private static byte[] KeyValue(int field) => Bytes(field, Text(1, "agent.name"), Bytes(2, Text(1, "desk")));

    private static Signal Of(params byte[][] fields)
    {
        byte[] message = Join(fields);
        return SignalGuess.Of(message, new Slice(0, message.Length));
    }
}
