using SpanMetrics.Fuzz;
using SpanMetrics.Oracle;
using SpanMetrics.Otlp;

namespace SpanMetrics.Tests.Properties;

/// <summary>A little of what <c>make fuzz</c> does at length.</summary>
public sealed class FuzzTests
{
    private const int Records = 20_000;

    private static readonly Corpus[] Corpora = [new(Signal.Traces), new(Signal.Logs)];

    public static TheoryData<string> Finds => [.. Corpus.Finds().Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Finds))]
    public void A_record_that_once_showed_a_difference_shows_none(string file)
    {
        byte[] record = File.ReadAllBytes(Path.Combine(Corpus.FindsFolder, file));

        Assert.All(Corpora, corpus => Assert.Null(new FuzzRun(corpus, seed: 1).ProblemOf(record, out _)));
    }

    [Fact]
    public void A_record_taken_apart_and_written_again_is_the_same() => Assert.All(Corpora, corpus => Assert.All(
        corpus.Records.Where(record => new PlainMessage(record, 0, record.Length).Fault == WireFault.None),
        record => Assert.Equal(record, WireNode.Write(WireNode.Parse(record, corpus.Shape)))));

    [Fact]
    public void Mutated_spans_show_no_difference() => AssertShowsNoDifference(new FuzzRun(Corpora[0], seed: 1));

    [Fact]
    public void Mutated_log_records_show_no_difference() => AssertShowsNoDifference(new FuzzRun(Corpora[1], seed: 1));

    private static void AssertShowsNoDifference(FuzzRun run)
    {
        for (int i = 0; i < Records; i++)
        {
            Finding? finding = run.Next();
            Assert.True(finding is null, $"{Convert.ToHexString(finding?.Record ?? [])}: {finding?.Problem}");
        }

        Assert.All(Enum.GetValues<Agreement>(), agreement => Assert.True(run.Of(agreement) > 0, $"no mutation came to {agreement}"));
    }
}
