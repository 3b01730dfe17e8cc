using System.Buffers;
using SpanMetrics.Exposition;
using SpanMetrics.Pipeline;

namespace SpanMetrics.Perf;

/// <summary>What a scrape does, printed into one buffer again and again. Leaves out HTTP and compression.</summary>
internal sealed class Scrape(ReplaySink sink)
{
    private readonly ArrayBufferWriter<byte> _text = new(1 << 20);
    private Page? _page;

    /// <summary>Brings what was counted into the page. The worker takes no records meanwhile.</summary>
    public void Fold() => _page = sink.Fold();

    public void Render()
    {
        _text.ResetWrittenCount();
        PageWriter.Write(_page!, PageFormat.Text, _text);
    }

    /// <summary>Of all views.</summary>
    public int LabelSets => _page!.Views.Sum(view => view.SeriesCount);

    public int Lines => _text.WrittenSpan.Count((byte)'\n');

    public int Bytes => _text.WrittenCount;
}
