using System.Text;
using SpanMetrics.Aggregation;
using SpanMetrics.Pipeline;
using SpanMetrics.Semantics;
using SpanMetrics.Tests.Support;
using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Unit;

public sealed class LabelValueTests
{
    [Theory]
    [InlineData("refund order")]
    [InlineData("GET /v1/models (cached)")]
    [InlineData("caf\u00E9 \u6771\u4EAC")]
    [InlineData("__name__")]
    public void A_name_of_letters_digits_and_harmless_signs_is_shown_as_it_came(string sent) =>
        Assert.Equal(sent, Shown(Encoding.UTF8.GetBytes(sent)));

    [Fact]
    public void What_looks_fit_as_it_is_is_not_changed()
    {
        var random = new Random(8);
        int plain = 0;
        for (int i = 0; i < 10_000; i++)
        {
            byte[] raw = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => (byte)random.Next(0x80))];
            if (LabelValue.IsPlain(raw))
            {
                plain++;
                Assert.Equal(raw, LabelValue.Of(raw));
            }
        }
        Assert.InRange(plain, 1_000, 9_000);
    }

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
    [InlineData("\U00020000", 128)]
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
