using System.Buffers;
using System.Text;
using System.Text.Json;
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

    /// <summary>What the page for people shows of it since the start.</summary>
    public static string Status(Page page)
    {
        var history = new StatusHistory(TimeProvider.System);
        history.Observe(page);
        return Status(history, page, "start");
    }

    public static string Status(StatusHistory history, Page page, string window, string? service = null)
    {
        var to = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(to))
        {
            new StatusWriter(json, history, StatusWindow.Find(window)!).Write(page, service, new WorkerFacts("1.2.3", ["otlp_spans"], null));
        }

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
