using SpanMetrics.Aggregation;
using SpanMetrics.Oracle;
using SpanMetrics.Otlp;
using SpanMetrics.Pipeline;
using SpanMetrics.Tests.Support;
using SpanMetrics.Tests.Unit;

namespace SpanMetrics.Tests.Properties;

public sealed class PageProperties
{
    [Fact]
    public void A_page_is_what_counting_one_by_one_says() =>
        Property.Holds(Batch.OfSpans, batch => AssertShows(PageOf([batch.Bytes], partitions: 1), [batch.Bytes]));

    [Fact]
    public void A_page_of_a_broken_record_is_what_counting_the_spans_in_it_says() =>
        Property.Holds(Batch.OfSpansCut, batch => AssertShows(PageOf([batch.Bytes], partitions: 1), [batch.Bytes]));

    [Fact]
    public void It_does_not_matter_over_how_many_records_and_partitions_a_batch_is_split() =>
        Property.Holds(Batch.OfSpans, batch => AssertShows(PageOf(batch.Records(), partitions: 3), [batch.Bytes]));

    public static TheoryData<string> Captures => [.. SpanCapture.KitelogikNames];

    [Theory]
    [MemberData(nameof(Captures))]
    public void A_page_of_a_capture_is_what_counting_one_by_one_says(string name)
    {
        IReadOnlyList<byte[]> records = SpanCapture.Kitelogik(name).Records;

        AssertShows(PageOf(records, partitions: 2), records);
    }

    // Two workers with some partitions each, which take turns.
    private static MetricsPage PageOf(IEnumerable<byte[]> records, int partitions)
    {
        View[] views = Printed.DefaultViews;
        var limits = new AggregationOptions();
        RecordPipeline[] workers = [new(views, limits, TimeProvider.System), new(views, limits, TimeProvider.System)];
        var all = Enumerable.Range(0, partitions).Select(number => (Worker: workers[number % 2], Partition: workers[number % 2].AddPartition())).ToArray();
        int next = 0;
        foreach (byte[] record in records)
        {
            (RecordPipeline worker, PartitionDeltas partition) = all[next++ % partitions];
            worker.Take(record, isNull: false);
            worker.Apply(partition);
        }

        var keeper = new PageKeeper(views, limits, workers.Length);
        for (int worker = 0; worker < workers.Length; worker++)
        {
            keeper.Fold(worker, workers[worker].HandOver([]));
        }

        return Printed.Parsed(keeper.Page());
    }

    private static void AssertShows(MetricsPage page, IEnumerable<byte[]> records)
    {
        var expected = new PlainPage();
        foreach (PlainSpan span in records.SelectMany(record => PlainDecoder.Decode(record, Signal.Traces).Items).Cast<PlainSpan>())
        {
            expected.Add(span);
        }

        Dictionary<string, double> shown = page.Samples
            .Where(sample => !sample.Name.StartsWith("spanmetrics_", StringComparison.Ordinal))
            .ToDictionary(sample => PlainPage.KeyOf(sample.Name, sample.Labels), sample => sample.Value);
        string[] wrong =
        [
            .. expected.Values.Where(series => !shown.ContainsKey(series.Key)).Select(series => $"missing {series.Key} {series.Value}"),
            .. shown.Where(series => !expected.Values.ContainsKey(series.Key)).Select(series => $"too much {series.Key} {series.Value}"),
            // Sums of seconds are doubles on the page, decimals here.
            .. expected.Values.Where(series => shown.TryGetValue(series.Key, out double value) && Math.Abs(value - (double)series.Value) > 1e-9 * (double)series.Value)
                .Select(series => $"{series.Key} is {shown[series.Key]}, not {series.Value}"),
        ];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong.Take(3)));
    }
}
