using System.Text;
using SpanMetrics.Aggregation;
using SpanMetrics.Pipeline;
using SpanMetrics.Tests.Support;
using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Unit;

public sealed class LabelValueTests
{
    [Theory]
    [InlineData("refund order", "refund order")]
    [InlineData("caf\u00E9 \u6771\u4EAC \U0001F600", "caf\u00E9 \u6771\u4EAC \U0001F600")]
    [InlineData("a\nb", "a_b")]
    [InlineData("a\0b\tc\u007Fd\u0085e", "a_b_c_d_e")]
    [InlineData("\u001B[31mred", "_[31mred")]
    [InlineData("a\u2028b\u2029c", "a_b_c")]
    [InlineData("say \"no\" \\n", "say \"no\" \\n")]
    [InlineData("a\"} 1\nfake_total{x=\"", "a\"} 1_fake_total{x=\"")]
    [InlineData("a\u200Bb\u202Ec\u2066d\u2069e\uFEFFf\u200Ff", "abcdeff")]
    [InlineData("a\u061Cb", "ab")]   // the Arabic letter mark is a bidirectional control too
    [InlineData("__overflow__", "_overflow_")]
    [InlineData("__over\u200Bflow__", "_overflow_")]
    [InlineData("__name__", "__name__")]
    public void A_label_shows_what_was_sent_without_what_forges_lines(string sent, string shown) =>
        Assert.Equal(shown, Shown(Encoding.UTF8.GetBytes(sent)));

    [Fact]
    public void Bytes_that_are_not_UTF8_become_the_replacement_character()
    {
        Assert.Equal("a\uFFFD(b", Shown([(byte)'a', 0xC3, (byte)'(', (byte)'b']));
        Assert.Equal("\uFFFD", Shown([0xFF]));
    }

    [Theory]
    [InlineData("x", 128)]
    [InlineData("\u00E9", 128)]
    [InlineData("\u6771", 126)]
    [InlineData("\U0001F600", 128)]
    public void A_long_value_is_cut_between_two_characters(string character, int bytes)
    {
        string shown = Shown(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(character, 300))));

        Assert.Equal(string.Concat(Enumerable.Repeat(character, bytes / Encoding.UTF8.GetByteCount(character))), shown);
    }

    [Fact]
    public void A_value_of_nothing_but_invisible_characters_is_a_missing_one() =>
        Assert.NotEqual("", Shown(Encoding.UTF8.GetBytes("\u200B\u200B")));

    [Fact]
    public void Values_that_look_the_same_count_in_one_series()
    {
        string stem = new('x', 128);
        string[][] groups = [["ab", "a\u200Bb", "\uFEFFab"], ["a_", "a\u0001", "a\n\u200B", "a\u001B"], [stem, stem + "1", stem + "2"], ["_overflow_", "__overflow__"]];
        foreach (string[] group in groups)
        {
            MetricsPage page = PageOf([.. group.Select(Encoding.UTF8.GetBytes)]);

            Assert.Equal(group.Length, Assert.Single(page.Family("agent_decisions_total")).Value);
        }
    }

    [Fact]
    public void Any_value_whatever_leaves_a_page_that_can_be_read_with_each_series_once()
    {
        var random = new Random(6);
        byte[][] values = [.. Enumerable.Range(0, 1_000).Select(_ => Hostile(random))];

        MetricsPage page = PageOf(values);

        Assert.Equal(values.Length, page.Sum("agent_decisions_total"));
        Assert.All(page.Family("agent_decisions_total"), sample => Assert.DoesNotContain(sample.Labels["tool"], char.IsControl));
    }

    [Fact]
    public void A_value_is_the_same_label_the_second_time()
    {
        var random = new Random(7);
        var symbols = new SymbolTable(10_000);
        for (int i = 0; i < 3_000; i++)
        {
            byte[] value = Hostile(random);
            int id = symbols.Intern(value);

            Assert.Equal(id, symbols.Intern(value));
            Assert.Equal(id, symbols.Intern(symbols.TextOf(id)));
        }
    }

    private static byte[] Hostile(Random random)
    {
        byte[] value = new byte[random.Next(1, random.Next(2, 200))];
        ReadOnlySpan<byte> alphabet = "ab_\"\\\n\r\0 {},=#\u001B\u0085\u200B\u202E\uFEFF"u8;
        for (int i = 0; i < value.Length; i++)
        {
            value[i] = random.Next(8) == 0 ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)];
        }
        return value;
    }

    private static string Shown(byte[] tool) => Assert.Single(PageOf([tool]).Family("agent_decisions_total")).Labels["tool"];

    private static MetricsPage PageOf(byte[][] tools)
    {
        ReplaySink sink = Printed.Sink();
        foreach (byte[] tool in tools)
        {
            byte[] attribute = Value("kitelogik.tool_name", Bytes(1, tool));
            sink.Take(Record("desk", "kitelogik.tether", Span("policy_gate.evaluate", attribute)), isNull: false);
        }
        return Printed.Parsed(sink.Fold());
    }
}
