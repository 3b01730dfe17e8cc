using SpanMetrics.Otlp;

namespace SpanMetrics.Tests.Unit;

public sealed class WireReaderTests
{
    private const uint UnknownGroup = (5 << 3) | WireType.StartGroup;

    [Fact]
    public void Varint_read_back_equals_varint_written()
    {
        var values = new List<ulong> { 0, ulong.MaxValue };
        for (int bit = 0; bit < 64; bit++)
        {
            values.AddRange([1ul << bit, (1ul << bit) - 1, ~(1ul << bit)]);
        }
        var random = new Random(1);
        for (int i = 0; i < 5_000; i++)
        {
            values.Add((ulong)random.NextInt64() >> random.Next(64));
        }

        foreach (ulong value in values)
        {
            byte[] bytes = [.. OtlpBytes.Written(to => to.Varint(value)), 0x55];
            var reader = Reader(bytes);

            Assert.True(reader.TryReadVarint(out ulong read));
            Assert.Equal(value, read);
            Assert.True(reader.TryReadVarint(out ulong next));
            Assert.Equal(0x55ul, next);
            Assert.True(reader.AtEnd);
        }
    }

    [Theory]
    [InlineData("8100", 1)]
    [InlineData("8180808000", 1)]
    [InlineData("80808080808080808000", 0)]
    public void A_varint_with_more_bytes_than_it_needs_is_accepted(string hex, ulong value)
    {
        var reader = Reader(Convert.FromHexString(hex));

        Assert.True(reader.TryReadVarint(out ulong read));
        Assert.Equal(value, read);
        Assert.True(reader.AtEnd);
        Assert.Equal(DecodeStatus.Ok, reader.Status);
    }

    [Theory]
    [InlineData("8080808080808080808000")]   // eleven bytes
    [InlineData("FFFFFFFFFFFFFFFFFFFFFF01")]
    [InlineData("FFFFFFFFFFFFFFFFFF02")]     // bit 64
    [InlineData("80808080808080808002")]
    [InlineData("FFFFFFFFFFFFFFFFFF7F")]
    public void A_varint_of_more_than_64_bits_is_malformed(string hex)
    {
        var reader = Reader(Convert.FromHexString(hex));

        Assert.False(reader.TryReadVarint(out _));
        Assert.Equal(DecodeStatus.Malformed, reader.Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("FFFFFFFF")]
    [InlineData("FFFFFFFFFFFFFFFFFF")]
    public void A_varint_without_its_end_is_truncated(string hex)
    {
        var reader = Reader(Convert.FromHexString(hex));

        Assert.False(reader.TryReadVarint(out _));
        Assert.Equal(DecodeStatus.Truncated, reader.Status);
    }

    /// <summary>The neighbour's bytes are not this stretch's.</summary>
    [Fact]
    public void Nothing_is_read_past_the_end_of_the_stretch()
    {
        byte[] record = [1, 0x80, 1, 1, 1, 1, 1, 1, 1, 1, 1];

        var varint = new WireReader(record, new Slice(1, 1));
        Assert.False(varint.TryReadVarint(out _));
        Assert.Equal(DecodeStatus.Truncated, varint.Status);

        var wide = new WireReader(record, new Slice(2, 7));
        Assert.False(wide.TryReadFixed64(out _));
        Assert.Equal(DecodeStatus.Truncated, wide.Status);

        var bytes = new WireReader(record, new Slice(2, 1));
        Assert.False(bytes.TryReadBytes(out _));
        Assert.Equal(DecodeStatus.Truncated, bytes.Status);
    }

    [Theory]
    [InlineData("05AABBCCDD")]                 // five, four there
    [InlineData("FFFFFFFF07AA")]               // 2^31 - 1
    [InlineData("FFFFFFFF0FAA")]               // 2^32 - 1
    [InlineData("FFFFFFFFFFFFFFFFFF01AA")]     // "minus one"
    public void A_length_beyond_the_end_is_truncated(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        var reader = Reader(bytes);

        Assert.False(reader.TryReadBytes(out _));
        Assert.Equal(DecodeStatus.Truncated, reader.Status);

        var container = Reader(bytes);
        Assert.True(container.TryReadBytesOrRest(out Slice rest));
        Assert.Equal(bytes.Length, rest.End);
        Assert.Equal(DecodeStatus.Truncated, container.Status);
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(7ul)]                  // field number 0
    [InlineData(1ul << 32)]            // field number 2^29
    [InlineData(ulong.MaxValue)]
    public void A_tag_outside_the_field_numbers_is_malformed(ulong tag)
    {
        var reader = Reader(OtlpBytes.Written(to => to.Varint(tag)));

        Assert.False(reader.TryReadTag(out _));
        Assert.Equal(DecodeStatus.Malformed, reader.Status);
    }

    [Fact]
    public void The_largest_field_number_is_a_tag()
    {
        var reader = Reader(OtlpBytes.Written(to => to.Varint(uint.MaxValue - 7)));

        Assert.True(reader.TryReadTag(out uint tag));
        Assert.Equal(uint.MaxValue - 7, tag);
    }

    [Fact]
    public void The_end_of_the_stretch_is_no_tag_and_no_fault()
    {
        var reader = Reader([]);

        Assert.False(reader.TryReadTag(out _));
        Assert.Equal(DecodeStatus.Ok, reader.Status);
    }

    [Theory]
    [InlineData(4u)]   // the end of a group that nobody opened
    [InlineData(6u)]
    [InlineData(7u)]
    public void A_wire_type_that_opens_nothing_is_malformed(uint type)
    {
        var reader = Reader(new byte[100]);

        Assert.False(reader.TrySkip((3 << 3) | type));
        Assert.Equal(DecodeStatus.Malformed, reader.Status);
    }

    [Theory]
    [InlineData(WireType.Varint, "FF01", 2)]
    [InlineData(WireType.Fixed32, "FFFFFFFF", 4)]
    [InlineData(WireType.Fixed64, "FFFFFFFFFFFFFFFF", 8)]
    [InlineData(WireType.Bytes, "02FFFF", 3)]
    public void A_field_is_skipped_whole_or_truncated(uint type, string hex, int size)
    {
        byte[] bytes = Convert.FromHexString(hex + "01");
        for (int kept = 0; kept < size; kept++)
        {
            var cut = new WireReader(bytes, new Slice(0, kept));
            Assert.False(cut.TrySkip((9 << 3) | type));
            Assert.Equal(DecodeStatus.Truncated, cut.Status);
        }

        var whole = Reader(bytes);
        Assert.True(whole.TrySkip((9 << 3) | type));
        Assert.True(whole.TryReadVarint(out ulong after));
        Assert.Equal(1ul, after);
    }

    [Theory]
    [InlineData("2C07")]                     // empty
    [InlineData("0801331202AAAA342C07")]     // a varint, a group in the group, bytes in that
    [InlineData("332B2C342C07")]             // a group of the same number two levels down
    public void A_group_nobody_knows_is_skipped_with_what_is_in_it(string hex)
    {
        var reader = Reader(Convert.FromHexString(hex));

        Assert.True(reader.TrySkip(UnknownGroup));
        Assert.True(reader.TryReadVarint(out ulong after));
        Assert.Equal(7ul, after);
        Assert.True(reader.AtEnd);
    }

    [Theory]
    [InlineData("332C342C07")]   // the ends in the wrong order
    [InlineData("342C07")]       // the end of another group
    [InlineData("0FAA2C07")]     // a wire type that does not exist
    public void A_group_with_a_broken_inside_is_malformed(string hex)
    {
        var reader = Reader(Convert.FromHexString(hex));

        Assert.False(reader.TrySkip(UnknownGroup));
        Assert.Equal(DecodeStatus.Malformed, reader.Status);
    }

    [Fact]
    public void Groups_as_deep_as_Google_reads_them_are_skipped_and_a_bomb_of_them_is_malformed()
    {
        Assert.Equal(DecodeStatus.Ok, SkipNested(100));
        Assert.Equal(DecodeStatus.Malformed, SkipNested(101));
        Assert.Equal(DecodeStatus.Malformed, SkipNested(10_000));
    }

    [Fact]
    public void A_group_without_its_end_is_truncated()
    {
        var reader = Reader(Convert.FromHexString("0801"));

        Assert.False(reader.TrySkip(UnknownGroup));
        Assert.Equal(DecodeStatus.Truncated, reader.Status);
    }

    private static DecodeStatus SkipNested(int levels)
    {
        byte[] starts = [.. Enumerable.Repeat((byte)UnknownGroup, levels - 1)];
        byte[] ends = [.. Enumerable.Repeat((byte)((5 << 3) | WireType.EndGroup), levels)];
        var reader = Reader([.. starts, .. ends]);
        reader.TrySkip(UnknownGroup);
        return reader.Status;
    }

    private static WireReader Reader(byte[] bytes) => new(bytes, new Slice(0, bytes.Length));
}
