using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Oracle.Metrics;
using SpanMetrics.Pipeline;
using SpanMetrics.Semantics;
using SpanMetrics.Tests.Support;
using Exemplar = SpanMetrics.Oracle.Metrics.Exemplar;

namespace SpanMetrics.Tests.Unit;

public sealed class NativeProtobufTests
{
    [Theory]
    [InlineData(1, 1, nameof(Histograms.Native))]
    [InlineData(2, 3, nameof(Histograms.Native))]
    [InlineData(3, 1.25, nameof(Histograms.Both))]
    public void Spans_and_counts_read_back_are_the_counts(int seed, double weight, string histograms)
    {
        var random = new Random(seed);
        View view = Decisions(Enum.Parse<Histograms>(histograms));
        var worker = new OneWorker([view], new AggregationOptions());
        for (int i = 0; i < 500; i++)
        {
            // From one span to many in a label set: buckets with gaps, and without.
            string tool = $"tool{(int)Math.Sqrt(random.Next(400))}";
            worker.Count(new SentDecision("desk", tool, Outcome.Allow, RiskTier.None, (ulong)(1e9 * Math.Pow(10, (random.NextDouble() * 7) - 5)), i % 7 == 0 ? weight : 1));
        }

        SeriesTable table = worker.Fold().Views[0];
        List<Metric> metrics = HistogramOf(new Page { Views = [table], Own = [] });
        Assert.Equal(table.SeriesCount, metrics.Count);
        for (int series = 0; series < metrics.Count; series++)
        {
            Histogram histogram = metrics[series].Histogram;
            SeriesValue value = table[series];
            Assert.Equal(view.Native!.Schema, histogram.Schema);
            Assert.Equal(view.Native.Bounds[0], histogram.ZeroThreshold);
            Assert.Equal(value.NativeBuckets.ToArray(), Counts(histogram, view.Native));
            Assert.Equal(value.Observed, CountOf(histogram));
            Assert.Equal(value.Sum, histogram.SampleSum);
            Assert.Equal(value.NativeBuckets.ToArray().Any(count => !double.IsInteger(count)), histogram.HasSampleCountFloat);
        }
    }

    [Fact]
    public void Both_has_the_classic_buckets_of_the_text_page_and_native_alone_those_with_exemplars()
    {
        Page native = Captures(Histograms.Native), both = Captures(Histograms.Both);

        Assert.Equal(Lines(Printed.Parsed(both).Samples), Lines(ProtobufPage.Parse(ProtobufPage.Print(both)).SelectMany(ProtobufPage.SamplesOf)));
        Assert.All(HistogramOf(native).SelectMany(metric => metric.Histogram.Bucket), bucket => Assert.NotNull(bucket.Exemplar));
        Assert.Subset(
            Lines(Printed.Parsed(native).Samples).ToHashSet(),
            Lines(ProtobufPage.Parse(ProtobufPage.Print(native)).SelectMany(ProtobufPage.SamplesOf)).ToHashSet());

        static IEnumerable<string> Lines(IEnumerable<Sample> samples) => samples.Select(sample => $"{Printed.Identity(sample)} {sample.Value:R}");
    }

    [Theory]
    [InlineData(nameof(Histograms.Classic))]
    [InlineData(nameof(Histograms.Native))]
    [InlineData(nameof(Histograms.Both))]
    public void Exemplars_are_those_of_OpenMetrics(string histograms)
    {
        Page page = Captures(Enum.Parse<Histograms>(histograms));
        List<MetricFamily> families = ProtobufPage.Parse(ProtobufPage.Print(page));
        ShownExemplar[] expected = [.. ShownExemplar.AllOf(Printed.Text(page, PageFormat.OpenMetrics))];

        Assert.NotEmpty(expected);
        Assert.Equal(
            expected.Select(exemplar => Line(exemplar.Labels, exemplar.Value, exemplar.UnixSeconds)).Order(),
            families.SelectMany(family => family.Metric).SelectMany(ExemplarsOf).Select(Line).Order());
    }

    [Fact]
    public void The_newest_exemplar_of_a_native_histogram_stands_where_an_old_Prometheus_looks()
    {
        DateTime[][] times = [.. HistogramOf(Captures(Histograms.Native)).Select(metric => ExemplarsOf(metric).Select(exemplar => exemplar.Timestamp.ToDateTime()).ToArray())];

        Assert.Contains(times, ofOne => ofOne.Length > 1);
        Assert.All(times, ofOne => Assert.Equal(ofOne.OrderDescending(), ofOne));
    }

    [Fact]
    public void Every_series_tells_when_it_was_created()
    {
        DateTime before = DateTime.UtcNow.AddMilliseconds(-1);
        Page page = Captures(Histograms.Both);
        List<MetricFamily> families = ProtobufPage.Parse(ProtobufPage.Print(new Page { Views = page.Views, Own = [] }));

        Assert.NotEmpty(families);
        Assert.All(families.SelectMany(family => family.Metric), metric =>
            Assert.InRange((metric.Counter?.CreatedTimestamp ?? metric.Histogram.CreatedTimestamp).ToDateTime(), before, DateTime.UtcNow));
    }

    private static IEnumerable<Exemplar> ExemplarsOf(Metric metric) =>
        ((IEnumerable<Exemplar?>)[metric.Counter?.Exemplar, .. metric.Histogram?.Bucket.Select(bucket => bucket.Exemplar) ?? []]).OfType<Exemplar>();

    private static string Line(Exemplar exemplar) =>
        Line(exemplar.Label.ToDictionary(label => label.Name, label => label.Value), exemplar.Value, exemplar.Timestamp.ToDateTimeOffset().ToUnixTimeMilliseconds() / 1e3);

    private static string Line(IReadOnlyDictionary<string, string> labels, double value, double time) =>
        $"{string.Join(",", labels.Select(label => $"{label.Key}={label.Value}"))} {value:R} {time:R}";

    // As Prometheus reads them.
    private static double[] Counts(Histogram histogram, NativeBuckets native)
    {
        var counts = new double[native.Bounds.Length + 1];
        counts[0] = histogram.HasZeroCountFloat ? histogram.ZeroCountFloat : histogram.ZeroCount;
        int number = 0, next = 0;
        long delta = 0;
        foreach (BucketSpan span in histogram.PositiveSpan)
        {
            number += span.Offset;
            for (int i = 0; i < span.Length; i++, number++, next++)
            {
                counts[number - native.First] = histogram.PositiveCount.Count > 0 ? histogram.PositiveCount[next] : delta += histogram.PositiveDelta[next];
            }
        }

        Assert.Equal(next, histogram.PositiveCount.Count + histogram.PositiveDelta.Count);
        return counts;
    }

    private static double CountOf(Histogram histogram) => histogram.HasSampleCountFloat ? histogram.SampleCountFloat : histogram.SampleCount;

    private static List<Metric> HistogramOf(Page page) =>
        [.. ProtobufPage.Parse(ProtobufPage.Print(page)).Where(family => family.Type == MetricType.Histogram).SelectMany(family => family.Metric)];

    private static View Decisions(Histograms histograms) => Printed.DefaultViews.Single(view => view.Name == "agent_decisions") with { Histograms = histograms };

    internal static Page Captures(Histograms histograms)
    {
        var sink = new ReplaySink(Printed.Options with { Views = Array.ConvertAll(Printed.DefaultViews, view => view with { Histograms = histograms }) });
        foreach (byte[] record in SpanCapture.AllKitelogik().SelectMany(capture => capture.Records))
        {
            sink.Take(record, isNull: false);
            sink.Fold();
        }

        return sink.Fold();
    }
}
