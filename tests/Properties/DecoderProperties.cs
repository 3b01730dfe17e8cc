using SpanMetrics.Oracle;

namespace SpanMetrics.Tests.Properties;

public sealed class DecoderProperties
{
    private readonly Differential _differential = new();
    private readonly ProductDecoder _product = new();

    [Fact]
    public void Spans_and_log_records_of_a_batch_in_any_shape_are_what_a_slow_decoder_and_Google_Protobuf_say() => Property.Holds(Batch.Any, batch =>
    {
        Assert.Null(_differential.DifferenceOn(batch.Bytes, batch.Signal, out Agreement agreement));
        Assert.True(agreement is Agreement.Fine or Agreement.OtherSignal or Agreement.ValueIsCrowded, $"{agreement}");
    }, times: 1000);

    [Fact]
    public void A_record_that_breaks_off_gives_what_a_slow_decoder_says() =>
        Property.Holds(Batch.AnyCut, batch => Assert.Null(_differential.DifferenceOn(batch.Bytes, batch.Signal, out _)));

    /// <summary>What an item says of its resource and scope is known only where they come first.</summary>
    [Fact]
    public void A_record_cut_at_any_byte_gives_a_prefix_of_its_items() => Property.Holds(Batch.Any, any =>
    {
        byte[] record = any.WithResourcesAndScopes(first: true).Bytes;
        List<PlainItem> all = _product.Decode(record, any.Signal).Items;
        for (int length = 0; length < record.Length; length++)
        {
            List<PlainItem> items = _product.Decode(record.AsSpan(0, length), any.Signal).Items;
            Assert.True(items.Count <= all.Count, $"{items.Count} items of {all.Count} in the first {length} bytes");
            Assert.Null(PlainRecord.DifferenceOf(all[..items.Count], items));
        }
    }, times: 40);

    [Fact]
    public void It_does_not_matter_whether_resource_and_scope_come_before_the_items() => Property.Holds(Batch.Any, batch =>
    {
        PlainRecord before = _product.Decode(batch.WithResourcesAndScopes(first: true).Bytes, batch.Signal);
        PlainRecord after = _product.Decode(batch.WithResourcesAndScopes(first: false).Bytes, batch.Signal);

        Assert.Null(before.DifferenceTo(after));
    });
}
