using System.Buffers;
using System.Text;
using SpanMetrics.Aggregation;
using SpanMetrics.Configuration;
using SpanMetrics.Exposition;
using SpanMetrics.Pipeline;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Unit;

/// <summary>Pages as a scraper gets them.</summary>
internal static class Printed
{
    public static View[] DefaultViews => Views.Build(new Dictionary<string, ViewOptions>(), (_, problem) => Assert.Fail(problem));

    /// <summary>What a worker does without a configuration.</summary>
    public static PipelineOptions Options { get; } = new() { Views = DefaultViews, Rules = Emitters.Rules };

    public static ReplaySink Sink(AggregationOptions? limits = null) => new(Options with { Limits = limits ?? new AggregationOptions() });

    public static string Text(Page page, PageFormat format = PageFormat.Text)
    {
        var to = new ArrayBufferWriter<byte>();
        PageWriter.Write(page, format, to);
        return Encoding.UTF8.GetString(to.WrittenSpan);
    }

    /// <summary>Fails where a series is there twice: a scraper would keep one of the two and drop the other.</summary>
    public static MetricsPage Parsed(Page page)
    {
        MetricsPage parsed = MetricsPage.Parse(Text(page));
        var seen = new HashSet<string>();
        Assert.All(parsed.Samples, sample => Assert.True(seen.Add(Identity(sample)), $"twice: {sample}"));
        return parsed;
    }

    public static MetricsPage Parsed(Totals totals) => Parsed(new Page { Views = totals.Views, Own = [] });

    public static string Identity(Sample sample) =>
        $"{sample.Name}{{{string.Join("\0", sample.Labels.Where(label => label.Value.Length > 0).OrderBy(label => label.Key, StringComparer.Ordinal))}";
}
