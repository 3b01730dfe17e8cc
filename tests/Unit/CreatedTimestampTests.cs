using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Pipeline;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Unit;

public sealed class CreatedTimestampTests
{
    private static readonly string[] Families = ["agent_decisions", "agent_decision_duration_seconds"];

    private readonly ManualTime _time = new();

    /// <summary>It is 0 at the page before, and a scraper takes no time that is later than its own.</summary>
    [Fact]
    public void A_series_was_created_when_the_page_before_it_was_asked_for()
    {
        var pipeline = new RecordPipeline(Printed.Options, _time);
        PartitionDeltas partition = pipeline.AddPartition();
        var keeper = new PageKeeper(Printed.DefaultViews, new AggregationOptions(), workers: 1, _time, createdTimestamps: true);
        double start = Now();
        _time.Advance(TimeSpan.FromSeconds(7));
        Take("first");
        double asked = Now();
        Fold();
        _time.Advance(TimeSpan.FromSeconds(15.25));
        Take("second");
        Take("first");
        Fold();
        _time.Advance(TimeSpan.FromSeconds(15));
        Page page = Fold();

        MetricsPage shown = MetricsPage.Parse(Printed.Text(page, PageFormat.OpenMetrics));
        foreach (string family in Families)
        {
            Assert.Equal([("first", start), ("second", asked)], shown.Family(family + "_created").Select(sample => (sample.Labels["tool"], sample.Value)));
        }

        Assert.DoesNotContain("_created", Printed.Text(page), StringComparison.Ordinal);

        void Take(string tool)
        {
            pipeline.Take(
                OtlpBytes.Record("desk", "kitelogik.tether", OtlpBytes.Span("policy_gate.evaluate", OtlpBytes.Fixed64(7, 1), OtlpBytes.Fixed64(8, 2), OtlpBytes.Attribute("kitelogik.tool_name", tool))),
                isNull: false);
            pipeline.Apply(partition);
        }

        Page Fold()
        {
            keeper.BeginFold();
            _time.Advance(TimeSpan.FromSeconds(.5));
            keeper.Fold(0, pipeline.HandOver([]));
            return keeper.Page();
        }
    }

    [Fact]
    public void OpenMetrics_has_them_only_where_they_are_wanted()
    {
        var sink = Printed.Sink();
        sink.Take(SpanCapture.Kitelogik("session-0.4.0").Records[0], isNull: false);

        Assert.DoesNotContain("_created", Printed.Text(sink.Fold(), PageFormat.OpenMetrics), StringComparison.Ordinal);
    }

    private double Now() => _time.GetUtcNow().ToUnixTimeMilliseconds() / 1e3;
}
