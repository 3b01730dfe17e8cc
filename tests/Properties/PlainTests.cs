using SpanMetrics.Oracle;
using SpanMetrics.Otlp;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Properties;

/// <summary>Whether the slow rules, with which the product is compared, are right themselves, and whether made-up batches reach them.</summary>
public sealed class PlainTests
{
    private const int Batches = 4000;

    public static TheoryData<string> Captures => [.. SpanCapture.KitelogikNames];

    [Theory]
    [MemberData(nameof(Captures))]
    public void Slow_counting_of_a_capture_gives_what_was_driven(string name)
    {
        SpanCapture capture = SpanCapture.Kitelogik(name);
        var page = new PlainPage();
        var traces = new PlainTraces();
        foreach (byte[] record in capture.Records)
        {
            page.Add(PlainDecoder.Decode(record, Signal.Traces).Items, traces);
        }

        Sample[] samples = [.. MetricsPage.Parse(string.Concat(page.Values.Where(series => series.Value != 0).Select(series => $"{series.Key} {series.Value}\n"))).Samples];
        Assert.Empty(capture.Expectation.Families.Keys.SelectMany(family => capture.Expectation.Differences(family, samples)));
    }

    [Fact]
    public void Made_up_spans_reach_every_class_outcome_and_emitter_and_lie_inside_each_other()
    {
        var reached = new HashSet<string>();
        for (int seed = 0; seed < Batches; seed++)
        {
            var traces = new PlainTraces();
            var batch = new Batch(Signal.Traces, BatchMaker.Make(Signal.Traces, seed, size: 1 + (seed % 4)));
            foreach (byte[] record in seed % 2 == 0 ? batch.Items() : [batch.Bytes])
            {
                List<PlainFacts> spans = [.. PlainDecoder.Decode(record, Signal.Traces).Items.Cast<PlainSpan>().Select(PlainClassifier.FactsOf)];
                reached.UnionWith(spans.SelectMany(WordsOf));
                reached.UnionWith(spans.Where(span => span.Class == "decision" && traces.ModelOf(span, spans) != span.Model).Select(_ => "joined"));
                reached.UnionWith(traces.Take(spans).SelectMany(WordsOf));
            }
        }

        string[] expected =
        [
            .. Words("", "decision ignored sanitizer gateway mcp_server delegation tool llm agent other"),
            .. Words("decision ", "allow deny hitl error none"),
            .. Words("gateway ", "allow deny hitl rate_limited error"),
            .. Words("tool ", "deny hitl error none"),
            .. Words("reason ", "policy approval credential engine_unavailable authorization authentication guardrail rate_limit mcp_policy upstream none other"),
            .. Words("source ", "kitelogik agentgateway kagent kaos litellm pydantic_ai openinference openllmetry langfuse vercel langsmith mcp genai other"),
            .. Words("folded ", "nothing input output"),
            .. Words("", "joined ungated gated untimed inner turn waits tokens-only delegates"),
        ];
        Assert.Empty(expected.Except(reached));
    }

    private static IEnumerable<string> WordsOf(PlainFacts span) =>
    [
        span.Class,
        $"{span.Class} {span.Outcome}",
        $"reason {span.Reason}",
        $"source {span.Source}",
        .. span.IsTurn ? ["turn"] : Array.Empty<string>(),
        .. span.WaitsForOuter ? ["waits"] : Array.Empty<string>(),
        .. span.IsTokensOnly ? ["tokens-only"] : Array.Empty<string>(),
        .. span is { Delegates: true, Class: "tool" } ? ["delegates"] : Array.Empty<string>(),
    ];

    private static IEnumerable<string> WordsOf(PlainMove move) => move.IsCounted
        ? [move.IsUngated ? "ungated" : "gated", move.Timed is null ? "untimed" : move.Timed != move.Weighed ? "inner" : "outer"]
        : [.. move.Parts.Keys.DefaultIfEmpty("nothing").Select(part => $"folded {part}")];

    private static IEnumerable<string> Words(string before, string words) => words.Split(' ').Select(word => before + word);
}
