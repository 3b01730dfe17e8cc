using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Oracle.Metrics;
using SpanMetrics.Pipeline;
using SpanMetrics.Semantics;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Unit;

public sealed class ProtobufWriterTests
{
    [Fact]
    public void The_protobuf_page_of_the_captures_has_the_families_series_and_numbers_of_the_text_page() => AssertSame(Captures());

    [Fact]
    public void The_protobuf_page_of_who_was_shown_nothing_is_the_text_page_of_the_same()
    {
        Page page = Captures() with { ShownUpTo = 0 };

        AssertSame(page);
        Assert.All(Printed.Parsed(page with { Own = [] }).Samples, sample => Assert.Equal(0, sample.Value));
    }

    [Fact]
    public void A_count_with_a_fraction_is_there_in_full_and_rounded()
    {
        Page page = Weighed(2.5, 1);
        AssertSame(page);

        Histogram histogram = ProtobufPage.Parse(ProtobufPage.Print(page)).Single(family => family.Type == MetricType.Histogram).Metric.Single().Histogram;
        Assert.Equal((4ul, 3.5), (histogram.SampleCount, histogram.SampleCountFloat));
        Assert.Equal([2ul, 4ul, 4ul], histogram.Bucket.Select(bucket => bucket.CumulativeCount));
    }

    [Fact]
    public void A_whole_count_has_no_second_field()
    {
        Histogram histogram = ProtobufPage.Parse(ProtobufPage.Print(Weighed(2, 1))).Single(family => family.Type == MetricType.Histogram).Metric.Single().Histogram;

        Assert.False(histogram.HasSampleCountFloat || histogram.Bucket.Any(bucket => bucket.HasCumulativeCountFloat));
    }

    [Fact]
    public void Label_values_of_the_workers_own_families_are_not_escaped()
    {
        var own = new PlainFamily("own_bytes", "Bytes.", isCounter: false).With(7, ("a", "x\\y\"z\nü"), ("b", "1"));

        MetricFamily family = Assert.Single(ProtobufPage.Parse(ProtobufPage.Print(new Page { Views = [], Own = [own] })));

        Assert.Equal(["a=x\\y\"z\nü", "b=1"], family.Metric.Single().Label.Select(label => $"{label.Name}={label.Value}"));
    }

    [Fact]
    public void A_family_of_many_pieces_of_the_buffer_is_one_message()
    {
        const int Series = 5_000;
        var worker = new OneWorker([View], new AggregationOptions());
        for (int i = 0; i < Series; i++)
        {
            worker.Count(new SentDecision("s", $"tool {i} {new string('x', 100)}", Outcome.Deny, RiskTier.None, 500_000_000, 1));
        }

        var page = new Page { Views = worker.Fold().Views, Own = [] };
        AssertSame(page);
        Assert.Equal(2 * Series, ProtobufPage.Parse(ProtobufPage.Print(page)).Sum(family => family.Metric.Count));
    }

    private static View View { get; } = new()
    {
        Name = "small",
        CounterFamily = "calls_total",
        CounterHelp = "Calls.",
        HistogramFamily = "seconds",
        HistogramHelp = "Duration.",
        Match = CountedAs.Span,
        Dimensions = [Dimension.Outcome, Dimension.Tool],
        LabelNames = ["outcome", "tool"],
        Buckets = [.5, 1],
    };

    private static Page Weighed(double first, double second)
    {
        var worker = new OneWorker([View], new AggregationOptions());
        worker.Count(new SentDecision("s", "a", Outcome.Deny, RiskTier.None, 500_000_000, first));
        worker.Count(new SentDecision("s", "a", Outcome.Deny, RiskTier.None, 700_000_000, second));
        return new Page { Views = worker.Fold().Views, Own = [] };
    }

    private static Page Captures()
    {
        ReplaySink sink = Printed.Sink();
        foreach (byte[] record in SpanCapture.AllKitelogik().SelectMany(capture => capture.Records))
        {
            sink.Take(record, isNull: false);
        }

        return sink.Fold();
    }

    private static void AssertSame(Page page)
    {
        MetricsPage text = Printed.Parsed(page);
        List<MetricFamily> families = ProtobufPage.Parse(ProtobufPage.Print(page));

        Assert.NotEmpty(text.Samples);
        Assert.Equal(text.Types, families.ToDictionary(family => family.Name, family => family.Type.ToString().ToLowerInvariant()));
        Assert.Equal(text.Samples.Select(Line), families.SelectMany(ProtobufPage.SamplesOf).Select(Line));
    }

    private static string Line(Sample sample) => $"{Printed.Identity(sample)} {sample.Value:R}";
}
