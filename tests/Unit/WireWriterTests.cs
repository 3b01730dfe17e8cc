using SpanMetrics.Otlp;

namespace SpanMetrics.Tests.Unit;

public sealed class WireWriterTests
{
    /// <summary>Lengths around each size of the length prefix, the last of them larger than the first buffer.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(127, 1)]
    [InlineData(128, 2)]
    [InlineData(16_383, 2)]
    [InlineData(16_384, 3)]
    [InlineData(2_097_152, 4)]
    public void A_message_written_in_place_equals_its_body_written_as_bytes(int size, int prefix)
    {
        byte[] body = new byte[size];
        new Random(size).NextBytes(body);
        var asBytes = new WireWriter();
        asBytes.BytesField(3, body);
        var inPlace = new WireWriter(1);
        int mark = inPlace.Begin(3);
        inPlace.Raw(body);
        inPlace.End(mark);

        Assert.Equal(1 + prefix + size, inPlace.Length);
        Assert.True(asBytes.Written.SequenceEqual(inPlace.Written));
    }

    [Theory]
    [InlineData(0ul, new byte[] { 0x08, 0x00 })]
    [InlineData(300ul, new byte[] { 0x08, 0xAC, 0x02 })]
    [InlineData(ulong.MaxValue, new byte[] { 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 })]
    public void A_varint_has_the_fewest_bytes(ulong value, byte[] expected)
    {
        var to = new WireWriter(1);
        to.VarintField(1, value);

        Assert.Equal(expected, to.Written.ToArray());
    }

    [Fact]
    public void Dropping_the_first_bytes_keeps_the_rest()
    {
        var to = new WireWriter(4);
        to.Raw("abcdef"u8);
        to.DropFirst(2);
        to.Raw("g"u8);

        Assert.Equal("cdefg"u8, to.Written);
        Assert.Throws<ArgumentOutOfRangeException>(() => to.DropFirst(6));
        Assert.Throws<ArgumentOutOfRangeException>(() => to.Truncate(6));
    }
}
