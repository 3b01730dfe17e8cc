using System.Globalization;
using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Pipeline;
using SpanMetrics.Semantics;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Unit;

public sealed class ExemplarTests
{
    private const string Counter = "agent_decisions_total";
    private const string Bucket = "agent_decision_duration_seconds_bucket";

    // Long ago, and whole milliseconds: Prometheus keeps no more.
    private const ulong Start = 1_700_000_000_000_000_000;
    private const ulong Second = 1_000_000_000;

    private readonly Random _random = new(1);
    private readonly Dictionary<string, SentSpan> _sent = [];

    [Theory]
    [InlineData(nameof(Histograms.Classic))]
    [InlineData(nameof(Histograms.Both))]
    public void An_exemplar_is_a_span_that_was_counted_in_that_very_series_and_bucket(string histograms)
    {
        View[] views = Array.ConvertAll(Printed.DefaultViews, view => view with { Histograms = Enum.Parse<Histograms>(histograms) });
        var shown = new List<ShownExemplar>();
        var worker = new FoldedPipeline(views);
        for (int page = 0; page < 10; page++)
        {
            for (int record = 0; record < 100; record++)
            {
                worker.Take([.. Enumerable.Range(0, _random.Next(1, 20)).Select(_ => Any())]);
            }

            shown.AddRange(ShownExemplar.AllOf(worker.Page()));
        }

        Assert.NotEmpty(shown);
        Assert.All(shown, exemplar =>
        {
            SentSpan span = _sent[exemplar.Trace];
            Assert.Equal(span.SpanId, exemplar.Labels["span_id"]);
            Assert.Equal(span.Tool, exemplar.Sample.Labels["tool"]);
            Assert.Equal(span.IsDenied ? "true" : "false", exemplar.Sample.Labels["deny"]);
            Assert.Equal(span.End / 1_000_000 / 1e3, exemplar.UnixSeconds);
            Assert.InRange(exemplar.LabelLength, 1, 128);
            if (exemplar.Sample.Labels.TryGetValue("le", out string? bound))
            {
                double upper = bound == "+Inf" ? double.PositiveInfinity : double.Parse(bound, CultureInfo.InvariantCulture);
                double[] lower = [0, .. views.Single(view => exemplar.Sample.Name.StartsWith(view.HistogramFamily ?? "-", StringComparison.Ordinal)).Buckets.Where(one => one < upper)];
                Assert.Equal(span.Nanos / 1e9, exemplar.Value);
                Assert.True(exemplar.Value <= upper && (exemplar.Value > lower[^1] || lower.Length == 1), exemplar.ToString());
            }
        });
        Assert.Equal(40, shown.Where(exemplar => exemplar.Sample.Name == Counter).Select(exemplar => (exemplar.Sample.Labels["tool"], exemplar.Sample.Labels["deny"])).Distinct().Count());
    }

    [Fact]
    public void Of_a_series_the_denied_span_is_shown_then_the_slowest()
    {
        var worker = new FoldedPipeline([Printed.DefaultViews.Single(view => view.Name == "agent_decisions") with { Dimensions = [Dimension.ServiceName], LabelNames = ["service_name"] }]);
        SentSpan fast = Span("a", false, Second / 100), slow = Span("b", false, Second), denied = Span("c", true, Second / 1000, at: 1), slower = Span("d", false, 2 * Second, at: 1);

        worker.Take(slow, fast);
        Assert.Equal(slow.TraceId, ShownExemplar.AllOf(worker.Page()).Single(exemplar => exemplar.Sample.Name == Counter).Trace);
        worker.Take(denied, slower);
        IReadOnlyList<ShownExemplar> shown = ShownExemplar.AllOf(worker.Page());

        Assert.Equal(denied.TraceId, shown.Single(exemplar => exemplar.Sample.Name == Counter).Trace);
        Assert.Equal(
            [("0.001", denied.TraceId), ("1.0", slow.TraceId)],
            shown.Where(exemplar => exemplar.Sample.Name == Bucket).Select(exemplar => (exemplar.Sample.Labels["le"], exemplar.Trace)));
    }

    /// <summary>Prometheus refuses an exemplar that is not later than the one it has.</summary>
    [Fact]
    public void An_exemplar_gives_way_to_a_later_one_that_is_worth_more_or_after_a_minute_to_any()
    {
        var worker = new FoldedPipeline(Printed.DefaultViews);
        SentSpan first = Span("t", true, Second, at: 100), earlier = Span("t", true, 2 * Second, at: 50), soon = Span("t", true, Second / 2, at: 159);
        SentSpan worth = Span("t", true, 2 * Second, at: 160), late = Span("t", true, Second / 2, at: 221);
        foreach ((SentSpan taken, SentSpan held) in ((SentSpan, SentSpan)[])[(first, first), (earlier, first), (soon, first), (worth, worth), (late, late)])
        {
            worker.Take(taken);

            Assert.Equal(held.TraceId, ShownExemplar.AllOf(worker.Page()).Single(exemplar => exemplar.Sample.Name == Counter).Trace);
        }
    }

    [Fact]
    public void A_span_without_whole_ids_or_a_believable_end_is_counted_and_not_shown()
    {
        var worker = new FoldedPipeline(Printed.DefaultViews);
        SentSpan usual = Span("t", true, Second);
        worker.Take(
            usual with { TraceId = "" }, usual with { TraceId = usual.TraceId[..30] }, usual with { TraceId = new string('0', 32) },
            usual with { End = (ulong)DateTimeOffset.UtcNow.AddHours(2).ToUnixTimeMilliseconds() * 1_000_000 });

        string page = worker.Page();

        Assert.Contains($"{Counter}{{", page, StringComparison.Ordinal);
        Assert.Empty(ShownExemplar.AllOf(page));
    }

    [Fact]
    public void Only_OpenMetrics_shows_them_and_only_where_they_are_wanted()
    {
        FoldedPipeline worker = new(Printed.DefaultViews), without = new(Printed.DefaultViews, exemplars: false);
        SentSpan span = Span("t", true, Second);
        worker.Take(span);
        without.Take(span);

        Assert.NotEmpty(ShownExemplar.AllOf(worker.Page()));
        Assert.DoesNotContain(span.TraceId, worker.Page(PageFormat.Text), StringComparison.Ordinal);
        Assert.Empty(ShownExemplar.AllOf(without.Page()));
        Assert.Equal(worker.Page(PageFormat.Text), without.Page(PageFormat.Text));
    }

    [Fact]
    public void A_series_that_is_shown_at_0_leads_to_no_span()
    {
        var worker = new FoldedPipeline(Printed.DefaultViews);
        worker.Take(Span("known", true, Second));
        worker.Page();
        worker.Take(Span("new", true, Second), Span("known", true, 2 * Second, at: 1));

        IReadOnlyList<ShownExemplar> shown = ShownExemplar.AllOf(worker.Page(shownUpTo: 1));

        Assert.NotEmpty(shown);
        Assert.All(shown, exemplar => Assert.Equal("known", exemplar.Sample.Labels["tool"]));
        Assert.Contains(ShownExemplar.AllOf(worker.Page()), exemplar => exemplar.Sample.Labels["tool"] == "new");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)] // so many that those that stay move
    public void Exemplars_leave_with_their_series_and_follow_those_that_stay(int idle)
    {
        var time = new ManualTime();
        var worker = new FoldedPipeline(Printed.DefaultViews, time: time);
        worker.Take([.. Enumerable.Range(0, idle).Select(number => Span($"idle{number}", false, Second))]);
        worker.Take(Span("busy", false, Second, at: 1));
        worker.Page();
        for (int minute = 1; minute <= 30; minute++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            worker.Take(Span("busy", false, Second, at: 100 * minute));
            worker.Page();
        }

        IReadOnlyList<ShownExemplar> shown = ShownExemplar.AllOf(worker.Page());

        Assert.NotEmpty(shown);
        Assert.All(shown, exemplar => Assert.Equal(("busy", "busy"), (exemplar.Sample.Labels["tool"], _sent[exemplar.Trace].Tool)));
        worker.Take(Span("idle0", false, Second, at: 10_000));
        Assert.Contains(ShownExemplar.AllOf(worker.Page()), exemplar => exemplar.Sample.Labels["tool"] == "idle0");
    }

    [Fact]
    public void Of_very_many_series_those_worth_most_are_shown_and_no_more_than_a_limit()
    {
        var worker = new FoldedPipeline(Printed.DefaultViews[..1]);
        SentSpan[] spans = [.. Enumerable.Range(0, 20_000).Select(number => Span($"tool{number}", number % 1_000 == 0, Second + (ulong)number))];
        foreach (SentSpan[] some in spans.Chunk(100))
        {
            worker.Take(some);
        }

        ShownExemplar[] first = [.. ShownExemplar.AllOf(worker.Page()).Where(exemplar => exemplar.Sample.Name == "traces_spanmetrics_calls_total")];

        Assert.Equal(ExemplarReservoir.Most * 2, first.Length); // of two partitions
        Assert.Superset(spans.Where(span => span.IsDenied).Select(span => span.TraceId).ToHashSet(), first.Select(exemplar => exemplar.Trace).ToHashSet());
        for (int page = 0; page < 100; page++)
        {
            worker.Take([.. Enumerable.Range(0, 128).Select(number => Span($"page{page}tool{number}", false, Second))]);
            worker.Page();
        }

        Assert.Equal(HeldExemplars.Most, ShownExemplar.AllOf(worker.Page()).Count);
    }

    public static TheoryData<string> Captures => [.. SpanCapture.Names];

    /// <summary>Calls that no single span shows with all of its labels too.</summary>
    [Theory]
    [MemberData(nameof(Captures))]
    public void Every_series_of_a_capture_that_took_time_leads_to_a_span(string name)
    {
        var worker = new FoldedPipeline(Printed.DefaultViews);
        foreach (byte[] record in SpanCapture.Of(name).Records)
        {
            worker.Take(record);
        }

        string page = worker.Page();
        HashSet<string> led = [.. ShownExemplar.AllOf(page).Where(exemplar => exemplar.Sample.Labels.ContainsKey("le")).Select(Series)];
        Assert.All(
            MetricsPage.Parse(page[..page.IndexOf("# EOF", StringComparison.Ordinal)]).Samples.Where(sample => sample.Name.EndsWith("_seconds_sum", StringComparison.Ordinal) && sample.Value > 0),
            sum => Assert.Contains(Printed.Identity(sum with { Name = sum.Name.Replace("_sum", "_bucket", StringComparison.Ordinal) }), led));

        static string Series(ShownExemplar exemplar) => Printed.Identity(exemplar.Sample with { Labels = exemplar.Sample.Labels.Where(label => label.Key != "le").ToDictionary() });
    }

    private SentSpan Any() => Span($"tool{_random.Next(20)}", _random.Next(4) == 0, (ulong)_random.NextInt64(20_000_000_000), _random.Next(1_000_000));

    private SentSpan Span(string tool, bool isDenied, ulong nanos, int at = 0)
    {
        var span = new SentSpan(tool, isDenied, nanos, Start + ((ulong)at * Second), Hex(16), Hex(8));
        _sent.Add(span.TraceId, span);
        return span;
    }

    private string Hex(int bytes)
    {
        byte[] id = new byte[bytes];
        _random.NextBytes(id);
        return Convert.ToHexStringLower(id);
    }

    private sealed record SentSpan(string Tool, bool IsDenied, ulong Nanos, ulong End, string TraceId, string SpanId)
    {
        public byte[] Bytes => OtlpBytes.Span(
            "policy_gate.evaluate",
            OtlpBytes.Bytes(1, Convert.FromHexString(TraceId)), OtlpBytes.Bytes(2, Convert.FromHexString(SpanId)),
            OtlpBytes.Fixed64(7, End - Nanos), OtlpBytes.Fixed64(8, End),
            OtlpBytes.Attribute("kitelogik.tool_name", Tool), OtlpBytes.Attribute("kitelogik.policy.deny", IsDenied), OtlpBytes.Attribute("kitelogik.policy.allow", !IsDenied));
    }

    private sealed class FoldedPipeline
    {
        private readonly RecordPipeline _pipeline;
        private readonly PageKeeper _keeper;
        private readonly PartitionDeltas[] _partitions;
        private int _records;

        public FoldedPipeline(View[] views, bool exemplars = true, TimeProvider? time = null)
        {
            _pipeline = new RecordPipeline(Printed.Options with { Views = views, Exemplars = exemplars }, time ?? TimeProvider.System);
            _keeper = new PageKeeper(views, new AggregationOptions { IdleSeconds = 600 }, workers: 1, time ?? TimeProvider.System);
            _partitions = [_pipeline.AddPartition(), _pipeline.AddPartition()];
        }

        public void Take(params SentSpan[] spans) => Take(OtlpBytes.Record("desk", "kitelogik.tether", [.. spans.Select(span => span.Bytes)]));

        public void Take(byte[] record)
        {
            _pipeline.Take(record, isNull: false);
            _pipeline.Apply(_partitions[_records++ % _partitions.Length]);
        }

        public string Page(PageFormat format = PageFormat.OpenMetrics, int shownUpTo = Exposition.Page.Everything)
        {
            _keeper.Fold(0, _pipeline.HandOver([]));
            return Printed.Text(_keeper.Page() with { ShownUpTo = shownUpTo, OwnHistograms = [] }, format);
        }
    }
}
