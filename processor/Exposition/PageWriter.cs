using System.Buffers;
using System.Globalization;
using System.Text;
using SpanMetrics.Aggregation;

namespace SpanMetrics.Exposition;

/// <summary>Prints a page in one of the text formats. One pass into one buffer; nothing is awaited on the way.</summary>
internal readonly ref struct PageWriter(IBufferWriter<byte> to, PageFormat format)
{
    public static void Write(Page page, PageFormat format, IBufferWriter<byte> to)
    {
        var writer = new PageWriter(to, format);
        foreach (ViewSnapshot view in page.Views)
        {
            writer.Counter(view);
            writer.Histogram(view);
        }

        foreach (PlainFamily family in page.Own)
        {
            writer.Plain(family);
        }

        if (format == PageFormat.OpenMetrics)
        {
            to.Write("# EOF\n"u8);
        }
    }

    private void Counter(ViewSnapshot view)
    {
        Header(view.View.CounterFamily, view.View.CounterHelp, "counter");
        for (int series = 0; series < view.SeriesCount; series++)
        {
            Sample(view.View.CounterFamily, view.Labels.Span[series], view.Row(series)[SeriesTable.Count]);
        }
    }

    private void Histogram(ViewSnapshot view)
    {
        string family = view.View.HistogramFamily;
        string bucketName = family + "_bucket", sumName = family + "_sum", countName = family + "_count";
        byte[][] bounds = Bounds([.. view.View.Buckets, double.PositiveInfinity]);
        Header(family, view.View.HistogramHelp, "histogram");
        for (int series = 0; series < view.SeriesCount; series++)
        {
            byte[] labels = view.Labels.Span[series];
            ReadOnlySpan<double> row = view.Row(series);
            double cumulative = 0;
            for (int bucket = 0; bucket < bounds.Length; bucket++)
            {
                cumulative += row[SeriesTable.FirstBucket + bucket];
                Ascii(bucketName);
                to.Write("{"u8);
                to.Write(labels);
                to.Write(labels.Length == 0 ? "le=\""u8 : ",le=\""u8);
                to.Write(bounds[bucket]);
                to.Write("\"} "u8);
                Value(cumulative);
            }

            Sample(sumName, labels, row[SeriesTable.Sum]);
            Sample(countName, labels, cumulative);
        }
    }

    private void Plain(PlainFamily family)
    {
        Header(family.Name, family.Help, family.IsCounter ? "counter" : "gauge");
        foreach ((string labels, double value) in family.Samples)
        {
            Sample(family.Name, Encoding.UTF8.GetBytes(labels), value);
        }
    }

    private void Header(string family, string help, string type)
    {
        if (format == PageFormat.OpenMetrics && type == "counter" && family.EndsWith("_total", StringComparison.Ordinal))
        {
            family = family[..^"_total".Length];
        }

        Ascii($"# HELP {family} {help}\n# TYPE {family} {type}\n");
    }

    private void Sample(string name, ReadOnlySpan<byte> labels, double value)
    {
        Ascii(name);
        if (!labels.IsEmpty)
        {
            to.Write("{"u8);
            to.Write(labels);
            to.Write("}"u8);
        }

        to.Write(" "u8);
        Value(value);
    }

    private void Ascii(string text)
    {
        int written = Encoding.ASCII.GetBytes(text, to.GetSpan(text.Length));
        to.Advance(written);
    }

    private void Value(double value)
    {
        Span<byte> span = to.GetSpan(40);
        int written;
        if (double.IsPositiveInfinity(value))
        {
            "+Inf"u8.CopyTo(span);
            written = 4;
        }
        else
        {
            value.TryFormat(span, out written, default, CultureInfo.InvariantCulture); // the shortest text that reads back as the same double
        }

        span[written] = (byte)'\n';
        to.Advance(written + 1);
    }

    // OpenMetrics wants a fraction in every bound ("1.0"); the text format is mostly written without.
    private byte[][] Bounds(double[] bounds)
    {
        var texts = new byte[bounds.Length][];
        for (int i = 0; i < bounds.Length; i++)
        {
            string text = double.IsPositiveInfinity(bounds[i]) ? "+Inf" : bounds[i].ToString(CultureInfo.InvariantCulture);
            texts[i] = Encoding.ASCII.GetBytes(format == PageFormat.OpenMetrics && double.IsInteger(bounds[i]) ? text + ".0" : text);
        }

        return texts;
    }
}
