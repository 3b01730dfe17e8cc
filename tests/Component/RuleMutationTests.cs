using SpanMetrics.Configuration;
using SpanMetrics.Exposition;
using SpanMetrics.Pipeline;
using SpanMetrics.Semantics;
using SpanMetrics.Tests.Support;
using SpanMetrics.Tests.Unit;

namespace SpanMetrics.Tests.Component;

/// <summary>No rule is there for nothing: without it a capture, or a fact that no capture shows, gives another page.</summary>
public sealed class RuleMutationTests(ITestOutputHelper output)
{
    private static readonly (IReadOnlyList<byte[]> Traces, IReadOnlyList<byte[]> Logs)[] Captures =
        [.. SpanCapture.Names.Select(SpanCapture.Of).Select(capture => (capture.Records, capture.LogRequests))];

    [Fact]
    public void Every_rule_is_needed_by_a_capture_or_a_fact()
    {
        Replay[] replays =
        [
            Replay.Of(FactReplay.OptionsOf(), Captures),
            Replay.Of(FactReplay.OptionsOf(CorpusReplay.DecisionsFromLogs), Captures),
            .. Fact.All.GroupBy(fact => string.Join(' ', fact.Settings)).Select(same => Replay.Of(FactReplay.OptionsOf(same.First().Settings), [.. same.Select(fact => (fact.Traces, fact.Logs))])),
        ];
        RuleMutation[] mutations = [.. RuleMutation.Of(Emitters.BuiltIn)];
        int[] needed = new int[mutations.Length];

        Parallel.For(0, mutations.Length, i =>
        {
            var book = new RuleBook(mutations[i].Emitters);
            needed[i] = Array.FindIndex(replays, replay => replay.PageBy(book) != replay.Page);
        });

        foreach (bool isPart in (bool[])[false, true])
        {
            int[] by = [.. needed.Where((_, i) => mutations[i].IsPart == isPart)];
            output.WriteLine($"{by.Length} {(isPart ? "parts of rules" : "rules")}: {by.Count(replay => replay is 0 or 1)} needed by a capture, {by.Count(replay => replay > 1)} by a fact only");
        }

        string[] useless = [.. mutations.Zip(needed).Where(one => one.Second < 0).Select(one => one.First.Rule)];
        Assert.True(useless.Length == 0, $"nothing needs\n{string.Join('\n', useless)}");
    }

    /// <summary>Records read together, all onto one page: their series are not the same.</summary>
    private sealed record Replay(PipelineOptions Options, (IReadOnlyList<byte[]>, IReadOnlyList<byte[]>)[] Records, string Page)
    {
        public static Replay Of(PipelineOptions options, (IReadOnlyList<byte[]>, IReadOnlyList<byte[]>)[] records)
        {
            var replay = new Replay(options, records, "");
            return replay with { Page = replay.PageBy(options.Rules) };
        }

        public string PageBy(RuleBook rules)
        {
            Page page = FactReplay.PageOf(Options with { Rules = rules }, Records);
            return Printed.Text(new Page { Views = page.Views, Own = [.. page.Own.Where(family => family.Name == "spanmetrics_nested_spans_total")] });
        }
    }
}
