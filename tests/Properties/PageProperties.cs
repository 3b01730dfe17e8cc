using SpanMetrics.Aggregation;
using SpanMetrics.Oracle;
using SpanMetrics.Otlp;
using SpanMetrics.Pipeline;
using SpanMetrics.Tests.Support;
using SpanMetrics.Tests.Unit;

namespace SpanMetrics.Tests.Properties;

public sealed class PageProperties
{
    private const int Times = 1000;

    [Fact]
    public void A_page_is_what_counting_one_by_one_says() =>
        Property.Holds(Batch.OfSpans, batch => AssertShows([batch.Bytes], partitions: 1), Times);

    [Fact]
    public void A_page_of_a_broken_record_is_what_counting_the_spans_in_it_says() =>
        Property.Holds(Batch.OfSpansCut, batch => AssertShows([batch.Bytes], partitions: 1));

    [Fact]
    public void A_page_of_a_batch_split_over_records_and_partitions_is_what_counting_one_by_one_says() =>
        Property.Holds(Batch.OfSpans, batch => AssertShows([.. batch.Records()], partitions: 3), Times);

    /// <summary>One call's spans come in records of their own then.</summary>
    [Fact]
    public void A_page_of_single_spans_is_what_counting_one_by_one_says() =>
        Property.Holds(Batch.OfSpans, batch => AssertShows([.. batch.Items()], partitions: 1), Times);

    public static TheoryData<string> Captures => [.. SpanCapture.Names];

    [Theory]
    [MemberData(nameof(Captures))]
    public void A_page_of_a_capture_is_what_counting_one_by_one_says(string name)
    {
        AssertShows(SpanCapture.Of(name).Records, partitions: 2);
    }

    // Two workers with some partitions each, which take turns.
    private static MetricsPage PageOf(IReadOnlyList<byte[]> records, int partitions)
    {
        RecordPipeline[] workers = [new(Printed.Options, TimeProvider.System), new(Printed.Options, TimeProvider.System)];
        PartitionDeltas[] all = [.. Enumerable.Range(0, partitions).Select(number => workers[WorkerOf(number)].AddPartition())];
        for (int i = 0; i < records.Count; i++)
        {
            int partition = i % partitions;
            workers[WorkerOf(partition)].Take(records[i], isNull: false);
            workers[WorkerOf(partition)].Apply(all[partition]);
        }

        var keeper = new PageKeeper(Printed.Options.Views, Printed.Options.Limits, workers.Length, TimeProvider.System);
        for (int worker = 0; worker < workers.Length; worker++)
        {
            keeper.Fold(worker, workers[worker].HandOver([]));
        }

        return Printed.Parsed(keeper.Page());
    }

    private static void AssertShows(IReadOnlyList<byte[]> records, int partitions)
    {
        var expected = new PlainPage();
        PlainTraces[] traces = [new(), new()];
        for (int i = 0; i < records.Count; i++)
        {
            expected.Add(PlainDecoder.Decode(records[i], Signal.Traces).Items, traces[WorkerOf(i % partitions)]);
        }

        Dictionary<string, double> shown = PageOf(records, partitions).Samples
            .Where(sample => !sample.Name.StartsWith("spanmetrics_", StringComparison.Ordinal))
            .ToDictionary(sample => PlainPage.KeyOf(sample.Name, sample.Labels), sample => sample.Value);
        string[] wrong = [.. expected.DifferencesTo(shown)];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong.Take(3)));
    }

    // A worker remembers traces; partitions of one worker share what it remembers.
    private static int WorkerOf(int partition) => partition % 2;
}
