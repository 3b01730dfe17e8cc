using System.Globalization;
using SpanMetrics.Exposition;
using SpanMetrics.Oracle.Metrics;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Unit;

/// <summary>A page in the delimited protobuf format, read by Google.Protobuf.</summary>
internal static class ProtobufPage
{
    public static List<MetricFamily> Parse(byte[] page)
    {
        var families = new List<MetricFamily>();
        using var from = new MemoryStream(page);
        while (from.Position < from.Length)
        {
            families.Add(MetricFamily.Parser.ParseDelimitedFrom(from));
        }

        return families;
    }

    public static byte[] Print(Page page)
    {
        using PageBuffer body = PagePress.Print(page, PageFormat.Protobuf);
        using var bytes = new MemoryStream();
        body.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>As the text format has them: a histogram is a sample for each bucket, its sum and its count.</summary>
    public static IEnumerable<Sample> SamplesOf(MetricFamily family) => family.Metric.SelectMany(metric => SamplesOf(family, metric));

    private static IEnumerable<Sample> SamplesOf(MetricFamily family, Metric metric)
    {
        Dictionary<string, string> labels = metric.Label.ToDictionary(label => label.Name, label => label.Value);
        if (family.Type != MetricType.Histogram)
        {
            yield return new Sample(family.Name, labels, family.Type == MetricType.Counter ? metric.Counter.Value : metric.Gauge.Value);
            yield break;
        }

        Histogram histogram = metric.Histogram;
        foreach (Bucket bucket in histogram.Bucket)
        {
            string le = double.IsPositiveInfinity(bucket.UpperBound) ? "+Inf" : bucket.UpperBound.ToString(CultureInfo.InvariantCulture);
            double count = bucket.HasCumulativeCountFloat ? bucket.CumulativeCountFloat : bucket.CumulativeCount;
            yield return new Sample(family.Name + "_bucket", new Dictionary<string, string>(labels) { ["le"] = le }, count);
        }

        yield return new Sample(family.Name + "_sum", labels, histogram.SampleSum);
        yield return new Sample(family.Name + "_count", labels, histogram.HasSampleCountFloat ? histogram.SampleCountFloat : histogram.SampleCount);
    }
}
