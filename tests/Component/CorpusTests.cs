using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Component;

/// <summary>What real emitters sent gives the rows that were booked while they were driven, however their spans are cut into records.</summary>
public sealed class CorpusTests
{
    private const int Seeds = 20;

    // A model call that was tried again has two spans inside its own: one call in one record, one or two in several. The other
    // thing that a cut may move, an error that only the outer span of a tool call shows, is in none of these captures.
    private const string TriedAgain = "kitelogik/session-0.4.0";
    private static readonly string[] MovedByCuts = ["agent_model_calls_total"];

    public static TheoryData<string> All => [.. SpanCapture.Names];

    public static TheoryData<string> WithSpans => [.. SpanCapture.Names.Where(name => SpanCapture.Of(name).Records.Count > 0)];

    public static TheoryData<string> WithAccessLog =>
        [.. SpanCapture.Names.Where(name => name.StartsWith("agentgateway/", StringComparison.Ordinal) && SpanCapture.Of(name).LogRequests.Count > 0)];

    [Theory]
    [MemberData(nameof(All))]
    public void A_capture_gives_the_rows_that_were_booked(string name)
    {
        var capture = SpanCapture.Of(name);

        var page = CorpusReplay.PageOf(capture.Records, capture.LogRequests);

        AssertNone(capture.Expectation.Differences(page.Samples), name);
    }

    [Theory]
    [MemberData(nameof(WithAccessLog))]
    public void An_access_log_alone_tells_the_decisions_of_its_gateway(string name)
    {
        var capture = SpanCapture.Of(name);

        var page = CorpusReplay.PageOf([], capture.LogRequests, CorpusReplay.DecisionsFromLogs);

        AssertNone(capture.AccessLogExpectation.Differences(page.Samples), name);
    }

    [Theory]
    [MemberData(nameof(WithAccessLog))]
    public void Decisions_read_from_the_access_log_are_not_counted_from_the_spans_too(string name)
    {
        var capture = SpanCapture.Of(name);

        var page = CorpusReplay.PageOf(capture.Records, capture.LogRequests, CorpusReplay.DecisionsFromLogs);

        AssertNone(capture.AccessLogExpectation.Differences(page.Samples), name);
    }

    [Theory]
    [MemberData(nameof(WithSpans))]
    public void Where_records_are_cut_changes_no_row(string name)
    {
        var capture = SpanCapture.Of(name);
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var page = CorpusReplay.PageOf(Recut.AtRandom(capture.Records, seed), capture.LogRequests);

            AssertMetByCut(capture, name, page, $"{name} cut with seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(WithSpans))]
    public void A_record_for_each_span_with_children_first_changes_no_row(string name)
    {
        var capture = SpanCapture.Of(name);

        var page = CorpusReplay.PageOf(Recut.ChildrenFirst(capture.Records), capture.LogRequests);

        AssertMetByCut(capture, name, page, name);
    }

    private static void AssertMetByCut(SpanCapture capture, string name, MetricsPage page, string of)
    {
        Assert.Equal(capture.SpanCount, page.Sum("traces_spanmetrics_calls_total"));
        AssertNone(capture.Expectation.Differences(page.Samples, name == TriedAgain ? MovedByCuts : []), of);
    }

    private static void AssertNone(IReadOnlyList<string> differences, string of) =>
        Assert.True(differences.Count == 0, $"{of}:\n{string.Join('\n', differences)}");
}
