using System.Buffers;
using System.Globalization;
using System.Text;
using SpanMetrics.Aggregation;

namespace SpanMetrics.Exposition;

/// <summary>Prints a page in one of the text formats. One pass into one buffer; nothing is awaited on the way.</summary>
internal readonly ref struct PageWriter(IBufferWriter<byte> to, PageFormat format, int shown, bool createdTimestamps)
{
    // The longest that a double is printed as, with the blank before it and the line's end.
    private const int ValueBytes = 40;

    private readonly bool _createdTimestamps = format == PageFormat.OpenMetrics && createdTimestamps;

    public static void Write(Page page, PageFormat format, IBufferWriter<byte> to)
    {
        var writer = new PageWriter(to, format, page.ShownUpTo, page.CreatedTimestamps);
        var labels = new LabelText();
        foreach (SeriesTable view in page.Views)
        {
            writer.Counter(view, labels);
            if (view.View.HistogramFamily is string histogram)
            {
                writer.Histogram(view, histogram, labels);
            }
        }

        foreach (PlainFamily family in page.Own)
        {
            writer.Plain(family, labels);
        }

        foreach (PlainHistogram histogram in page.OwnHistograms)
        {
            writer.Plain(histogram);
        }

        if (format == PageFormat.OpenMetrics)
        {
            to.Write("# EOF\n"u8);
        }
    }

    private void Counter(SeriesTable view, LabelText labels)
    {
        Header(view.View.CounterFamily, view.View.CounterHelp, "counter");
        byte[] name = Encoding.ASCII.GetBytes(view.View.CounterFamily), createdName = Encoding.ASCII.GetBytes(NameOf(view.View.CounterFamily) + "_created");
        for (int series = 0; series < view.SeriesCount; series++)
        {
            ReadOnlySpan<byte> text = labels.Of(view, series);
            ReadOnlySpan<Exemplar> exemplars = ExemplarsOf(view, series);
            Sample(name, text, view.Counter(series, shown).Count, ExemplarText.Next(ref exemplars, Exemplar.OfCounter));
            if (_createdTimestamps)
            {
                Sample(createdName, text, view.CreatedUnixMillis(series) / 1e3);
            }
        }
    }

    private void Histogram(SeriesTable view, string family, LabelText labels)
    {
        byte[] bucketName = Encoding.ASCII.GetBytes(family + "_bucket{");
        byte[] sumName = Encoding.ASCII.GetBytes(family + "_sum"), countName = Encoding.ASCII.GetBytes(family + "_count"), createdName = Encoding.ASCII.GetBytes(family + "_created");
        byte[][] bounds = Bounds(view.View);
        Header(family, view.View.HistogramHelp, "histogram");
        for (int series = 0; series < view.SeriesCount; series++)
        {
            if (!view.HasHistogram(series))
            {
                continue;
            }

            SeriesValue value = view.Histogram(series, shown);
            ReadOnlySpan<double> buckets = value.Buckets;
            ReadOnlySpan<byte> text = labels.Of(view, series);
            ReadOnlySpan<Exemplar> exemplars = ExemplarsOf(view, series);
            ExemplarText.Next(ref exemplars, Exemplar.OfCounter);
            double cumulative = 0;
            for (int bucket = 0; bucket < bounds.Length; bucket++)
            {
                cumulative += buckets[bucket];
                Span<byte> line = to.GetSpan(bucketName.Length + text.Length + bounds[bucket].Length + ValueBytes + ExemplarText.MostBytes);
                int length = Append(line, 0, bucketName);
                length = Append(line, length, text);
                length = Append(line, length, bounds[bucket]);
                length += AppendValue(line[length..], cumulative);
                length += ExemplarText.Append(line[length..], ExemplarText.Next(ref exemplars, bucket));
                EndLine(line, length);
            }

            Sample(sumName, text, value.Sum);
            Sample(countName, text, cumulative);
            if (_createdTimestamps)
            {
                Sample(createdName, text, view.CreatedUnixMillis(series) / 1e3);
            }
        }
    }

    private void Plain(PlainFamily family, LabelText text)
    {
        Header(family.Name, family.Help, family.IsCounter ? "counter" : "gauge");
        byte[] name = Encoding.ASCII.GetBytes(family.Name);
        foreach (((string Name, string Value)[] labels, double value) in family.Samples)
        {
            Sample(name, text.Of(labels), value);
        }
    }

    private void Plain(PlainHistogram histogram)
    {
        Header(histogram.Name, histogram.Help, "histogram");
        byte[] name = Encoding.ASCII.GetBytes(histogram.Name + "_bucket");
        long cumulative = 0;
        for (int i = 0; i < histogram.Bounds.Length; i++)
        {
            cumulative += histogram.Counts[i];
            Sample(name, Encoding.ASCII.GetBytes($"le=\"{TextOf(histogram.Bounds[i])}\""), cumulative);
        }

        Sample(Encoding.ASCII.GetBytes(histogram.Name + "_sum"), [], histogram.SumSeconds);
        Sample(Encoding.ASCII.GetBytes(histogram.Name + "_count"), [], cumulative);
    }

    private void Header(string family, string help, string type)
    {
        if (format == PageFormat.OpenMetrics && type == "counter")
        {
            family = NameOf(family);
        }

        to.Write(Encoding.ASCII.GetBytes($"# HELP {family} {help}\n# TYPE {family} {type}\n"));
    }

    // Of a counter in OpenMetrics.
    private static string NameOf(string family) => family.EndsWith("_total", StringComparison.Ordinal) ? family[..^"_total".Length] : family;

    private ReadOnlySpan<Exemplar> ExemplarsOf(SeriesTable view, int series) => format == PageFormat.OpenMetrics ? view.ExemplarsOf(series, shown) : [];

    private void Sample(ReadOnlySpan<byte> name, ReadOnlySpan<byte> labels, double value, ReadOnlySpan<Exemplar> exemplar = default)
    {
        Span<byte> line = to.GetSpan(name.Length + labels.Length + "{} ".Length + ValueBytes + ExemplarText.MostBytes);
        int length = Append(line, 0, name);
        if (!labels.IsEmpty)
        {
            length = Append(line, length, "{"u8);
            length = Append(line, length, labels);
            length = Append(line, length, "}"u8);
        }

        length = Append(line, length, " "u8);
        length += AppendValue(line[length..], value);
        length += ExemplarText.Append(line[length..], exemplar);
        EndLine(line, length);
    }

    private void EndLine(Span<byte> line, int length)
    {
        line[length] = (byte)'\n';
        to.Advance(length + 1);
    }

    private static int Append(Span<byte> line, int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(line[at..]);
        return at + text.Length;
    }

    private static int AppendValue(Span<byte> line, double value)
    {
        const double exact = 1ul << 53;
        int written;
        if (value is >= 0 and < exact && (long)value is long whole && whole == value)
        {
            whole.TryFormat(line, out written, default, CultureInfo.InvariantCulture); // nearly all values, at a tenth of the time
        }
        else if (double.IsPositiveInfinity(value))
        {
            written = Append(line, 0, "+Inf"u8);
        }
        else
        {
            value.TryFormat(line, out written, default, CultureInfo.InvariantCulture); // the shortest text that reads back as the same double
        }

        return written;
    }

    // OpenMetrics wants a fraction in every bound ("1.0"); the text format is mostly written without.
    private string TextOf(double bound)
    {
        string text = double.IsPositiveInfinity(bound) ? "+Inf" : bound.ToString(CultureInfo.InvariantCulture).Replace('E', 'e'); // as Prometheus writes the bounds of a protobuf page
        return format == PageFormat.OpenMetrics && double.IsInteger(bound) ? text + ".0" : text;
    }

    // What stands between the labels and the value.
    private byte[][] Bounds(View view)
    {
        string comma = view.LabelNames.Length == 0 ? "" : ",";
        double[] bounds = [.. view.PrintedBuckets, double.PositiveInfinity];
        var texts = new byte[bounds.Length][];
        for (int i = 0; i < bounds.Length; i++)
        {
            texts[i] = Encoding.ASCII.GetBytes($"{comma}le=\"{TextOf(bounds[i])}\"}} ");
        }

        return texts;
    }
}
