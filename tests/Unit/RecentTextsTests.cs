using System.Text;
using SpanMetrics.Otlp;
using SpanMetrics.Semantics;
using Xunit;

namespace SpanMetrics.Tests.Unit;

public sealed class RecentTextsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a\0")]
    [InlineData("exactly thirty-two bytes of text")]
    [InlineData("exactly thirty-two bytes of text, and one more")]
    [InlineData("sixty-four bytes are the longest text that has a place, as here!")]
    public void A_text_is_found_wherever_it_lies(string text)
    {
        var recent = new RecentTexts<int>(4);
        recent.Put(Encoding.UTF8.GetBytes(text), 7);

        foreach (string behind in (string[])["", "x", new string('x', 31), new string('x', 100)])
        {
            Assert.Equal(7, Found(recent, text, behind));
        }
    }

    [Theory]
    [InlineData("a", "a\0")]
    [InlineData("", "\0")]
    [InlineData("exactly thirty-two bytes of text", "exactly thirty-two bytes of texT")]
    [InlineData("thirty-two bytes, then a space, x", "thirty-two bytes, then a space, y")]
    public void Texts_that_are_nearly_the_same_are_not_taken_for_each_other(string put, string other)
    {
        var recent = new RecentTexts<int>(4);
        recent.Put(Encoding.UTF8.GetBytes(put), 7);

        Assert.Null(Found(recent, other, "behind it"));
        Assert.Null(Found(recent, put + "b", ""));
        Assert.Null(put.Length == 0 ? null : Found(recent, put[..^1], put[^1..]));
    }

    [Fact]
    public void A_text_of_65_bytes_has_no_place()
    {
        var recent = new RecentTexts<int>(4);
        string text = new('x', 65);
        recent.Put(Encoding.UTF8.GetBytes(text), 7);

        Assert.Null(Found(recent, text, ""));
    }

    [Fact]
    public void Where_many_texts_are_met_again_and_again_there_are_places_for_most()
    {
        const int texts = 500;
        var recent = new RecentTexts<int>(4);
        int found = 0;
        for (int round = 0; round < 20; round++)
        {
            found = 0;
            for (int i = 0; i < texts; i++)
            {
                string text = $"tool_{i}";
                int? known = Found(recent, text, new string('x', 40));
                if (known is null)
                {
                    recent.Put(Encoding.UTF8.GetBytes(text), i);
                    continue;
                }

                Assert.Equal(i, known);
                found++;
            }
        }

        Assert.InRange(found, texts * 2 / 3, texts);
    }

    [Fact]
    public void Texts_that_never_come_again_take_bounded_memory()
    {
        var recent = new RecentTexts<int>(4);
        long before = GC.GetAllocatedBytesForCurrentThread();
        byte[] text = new byte[sizeof(int)];
        for (int i = 0; i < 1_000_000; i++)
        {
            BitConverter.TryWriteBytes(text, i);
            recent.Put(text, i);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 1 << 20);
    }

    private static int? Found(RecentTexts<int> recent, string text, string behind)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return recent.TryGet(new Excerpt([.. bytes, .. Encoding.UTF8.GetBytes(behind)], bytes.Length), out int value) ? value : null;
    }
}
