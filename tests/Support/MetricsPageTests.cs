namespace SpanMetrics.Tests.Support;

/// <summary>The reader of pages and the rule of comparison decide what passes, so they are tested too.</summary>
public sealed class MetricsPageTests
{
    private const string Text = """
        # HELP calls_total Calls.
        # TYPE calls_total counter
        calls_total{tool="a",deny="true"} 2
        calls_total{tool="b",deny="true"} 3
        calls_total{tool="q\"\\\n}, ",deny="false"} 1e3
        up 1
        seconds_bucket{le="+Inf"} +Inf

        """;

    private static readonly MetricsPage Page = MetricsPage.Parse(Text);

    [Fact]
    public void Page_is_read_with_escapes_types_and_infinity()
    {
        Assert.Equal(5, Page.Samples.Count);
        Assert.Equal("counter", Page.Types["calls_total"]);
        Assert.Equal(1_000, Page.Sum("calls_total", ("tool", "q\"\\\n}, ")));
        Assert.Equal(5, Page.Sum("calls_total", ("deny", "true")));
        Assert.Equal(1, Page.Sum("up"));
        Assert.Equal(double.PositiveInfinity, Page.Sum("seconds_bucket"));
    }

    [Fact]
    public void Rows_that_cover_every_series_with_their_sums_are_met() => Assert.Empty(Differences(
        """[{"deny":"true","value":5},{"deny":"false","value":null}]"""));

    [Theory]
    [InlineData("""[{"deny":"true","value":4},{"deny":"false","value":null}]""", "expected 4, got 5")]
    [InlineData("""[{"deny":"true","value":5}]""", "outside all rows")]
    [InlineData("""[]""", "outside all rows")]
    [InlineData("""[{"deny":"true","value":5},{"deny":"false","value":null},{"deny":"maybe","value":null}]""", "no series")]
    public void Wrong_sum_stray_series_and_missing_row_are_named(string rows, string difference) =>
        Assert.Contains(Differences(rows), line => line.Contains(difference, StringComparison.Ordinal));

    [Fact]
    public void Rows_with_the_same_labels_add_up_across_expectations()
    {
        var one = Expectation.Parse("""{"expect":{"x":[{"a":"1","b":"2","value":2},{"a":"2","b":"2","value":1}]}}""");
        var two = Expectation.Parse("""{"expect":{"x":[{"b":"2","a":"1","value":3}]}}""");

        var sum = Expectation.Sum("x", [one, two]);

        Assert.Equal(6, sum.Total("x"));
        Assert.Equal(5, sum.Families["x"].Single(row => row.Labels["a"] == "1").Value);
    }

    private static IReadOnlyList<string> Differences(string rows) =>
        Expectation.Parse($$"""{ "expect": { "calls_total": {{rows}} } }""").Differences("calls_total", Page.Samples);
}
