using System.Text;
using System.Text.Json;
using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Pipeline;
using SpanMetrics.Semantics;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Unit;

public sealed class PageWriterTests
{
    [Fact]
    public void Label_values_of_the_workers_own_families_are_escaped()
    {
        const string Value = "x\\y\"z\nü, and more";
        var own = new PlainFamily("own_bytes", "Bytes.", isCounter: false).With(7, ("a", Value), ("b", "1"));

        Sample sample = Assert.Single(Printed.Parsed(new Page { Views = [], Own = [own] }).Samples);

        Assert.Equal((Value, "1", 7), (sample.Labels["a"], sample.Labels["b"], sample.Value));
    }

    [Fact]
    public void The_text_page_is_this() => Assert.Equal(
        """
        # HELP calls_total Calls.
        # TYPE calls_total counter
        calls_total{outcome="deny",tool="a_b _c_"} 2
        calls_total{outcome="allow",tool="é"} 1
        # HELP seconds Duration.
        # TYPE seconds histogram
        seconds_bucket{outcome="deny",tool="a_b _c_",le="0.5"} 1
        seconds_bucket{outcome="deny",tool="a_b _c_",le="1"} 1
        seconds_bucket{outcome="deny",tool="a_b _c_",le="+Inf"} 2
        seconds_sum{outcome="deny",tool="a_b _c_"} 2.5
        seconds_count{outcome="deny",tool="a_b _c_"} 2
        # HELP own_total Own.
        # TYPE own_total counter
        own_total{reason="x"} 12345678901
        # HELP own_bytes Bytes.
        # TYPE own_bytes gauge
        own_bytes 0.1

        """,
        Printed.Text(Small()));

    [Fact]
    public void The_OpenMetrics_page_is_this() => Assert.Equal(
        """
        # HELP calls Calls.
        # TYPE calls counter
        calls_total{outcome="deny",tool="a_b _c_"} 2
        calls_total{outcome="allow",tool="é"} 1
        # HELP seconds Duration.
        # TYPE seconds histogram
        seconds_bucket{outcome="deny",tool="a_b _c_",le="0.5"} 1
        seconds_bucket{outcome="deny",tool="a_b _c_",le="1.0"} 1
        seconds_bucket{outcome="deny",tool="a_b _c_",le="+Inf"} 2
        seconds_sum{outcome="deny",tool="a_b _c_"} 2.5
        seconds_count{outcome="deny",tool="a_b _c_"} 2
        # HELP own Own.
        # TYPE own counter
        own_total{reason="x"} 12345678901
        # HELP own_bytes Bytes.
        # TYPE own_bytes gauge
        own_bytes 0.1
        # EOF

        """,
        Printed.Text(Small(), PageFormat.OpenMetrics));

    [Fact]
    public void Every_histogram_of_the_captures_ends_in_a_bucket_that_equals_its_count_and_never_falls()
    {
        MetricsPage page = Printed.Parsed(Captures());
        Sample[] counts = [.. page.Samples.Where(sample => sample.Name.EndsWith("_seconds_count", StringComparison.Ordinal))];
        Assert.NotEmpty(counts);
        Assert.All(counts, count =>
        {
            double[] buckets =
            [
                .. page.Family(count.Name.Replace("_count", "_bucket", StringComparison.Ordinal))
                    .Where(bucket => bucket.Carries(count.Labels)).Select(bucket => bucket.Value),
            ];
            Assert.Equal(count.Value, buckets[^1]);
            Assert.Equal(buckets.Order(), buckets);
        });
    }

    [Fact]
    public void Every_counter_is_named_total_and_every_family_has_its_type_once()
    {
        MetricsPage page = Printed.Parsed(Captures());

        Assert.All(page.Types, type => Assert.Equal(type.Value == "counter", type.Key.EndsWith("_total", StringComparison.Ordinal)));
        Assert.Equal(page.Types.Count, page.Text.Split('\n').Count(line => line.StartsWith("# HELP ", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_JSON_page_has_the_series_and_numbers_of_the_text_page()
    {
        foreach (Page page in new[] { Small(), Captures() })
        {
            Assert.Equal(
                Printed.Parsed(page).Samples.Select(Line).Order(StringComparer.Ordinal),
                FromJson(page).Select(Line).Order(StringComparer.Ordinal));
        }
    }

    private static string Line(Sample sample) => $"{Printed.Identity(sample)} {sample.Value:R}";

    private static List<Sample> FromJson(Page page)
    {
        using var bytes = new MemoryStream();
        JsonPageWriter.Write(page, bytes);
        using JsonDocument json = JsonDocument.Parse(bytes.ToArray());
        var samples = new List<Sample>();
        foreach (JsonElement family in json.RootElement.GetProperty("families").EnumerateArray())
        {
            string name = family.GetProperty("name").GetString()!;
            foreach (JsonElement sample in family.GetProperty("samples").EnumerateArray())
            {
                var labels = sample.GetProperty("labels").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!);
                if (family.GetProperty("type").GetString() != "histogram")
                {
                    samples.Add(new Sample(name, labels, sample.GetProperty("value").GetDouble()));
                    continue;
                }
                samples.AddRange(sample.GetProperty("buckets").EnumerateObject().Select(bucket =>
                    new Sample(name + "_bucket", new Dictionary<string, string>(labels) { ["le"] = bucket.Name }, bucket.Value.GetDouble())));
                samples.Add(new Sample(name + "_sum", labels, sample.GetProperty("sum").GetDouble()));
                samples.Add(new Sample(name + "_count", labels, sample.GetProperty("count").GetDouble()));
            }
        }
        return samples;
    }

    /// <summary>A page of captures may fit a piece, so it is printed many times over.</summary>
    [Fact]
    public void A_page_in_pieces_is_the_same_page()
    {
        Page page = Captures();
        string once = Printed.Text(page);
        using var pieces = new PageBuffer();
        int times = (3 << 20) / once.Length;
        for (int i = 0; i < times; i++)
        {
            PageWriter.Write(page, PageFormat.Text, pieces);
        }
        using var read = new MemoryStream();
        pieces.CopyTo(read);

        Assert.Equal(pieces.Length, read.Length);
        Assert.Equal(string.Concat(Enumerable.Repeat(once, times)), Encoding.UTF8.GetString(read.ToArray()));
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

    private static Page Small()
    {
        var view = new View
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
        var worker = new OneWorker([view], new AggregationOptions());
        worker.Count(new SentDecision("s", "a_b _c_", Outcome.Deny, RiskTier.None, 500_000_000, 1));
        worker.Count(new SentDecision("s", "a_b _c_", Outcome.Deny, RiskTier.None, 2_000_000_000, 1));
        worker.Count(new SentDecision("s", "é", Outcome.Allow, RiskTier.None, null, 1));
        return new Page
        {
            Views = worker.Fold().Views,
            Own =
            [
                new PlainFamily("own_total", "Own.", isCounter: true).With(12345678901, ("reason", "x")),
                new PlainFamily("own_bytes", "Bytes.", isCounter: false).With(.1),
            ],
        };
    }
}
