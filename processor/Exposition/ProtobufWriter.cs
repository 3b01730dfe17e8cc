using System.Text;
using System.Text.Json;
using SpanMetrics.Aggregation;
using SpanMetrics.Otlp;

namespace SpanMetrics.Exposition;

/// <summary>Prints a page as messages <c>io.prometheus.client.MetricFamily</c> (prometheus/client_model), each with its length before it.</summary>
internal sealed class ProtobufWriter
{
    private const int CounterType = 0;
    private const int GaugeType = 1;
    private const int HistogramType = 4;

    // A family's length is known when it is written, and may be of this many bytes. Readers of a varint take one with zeros behind it.
    private const int LengthBytes = 5;

    private const int FlushBytes = 1 << 15;

    private readonly PageBuffer _to;
    private readonly WireWriter _wire = new(2 * FlushBytes);

    private ProtobufWriter(PageBuffer to) => _to = to;

    public static void Write(Page page, PageBuffer to)
    {
        var writer = new ProtobufWriter(to);
        foreach (SeriesTable view in page.Views)
        {
            byte[][] labelNames = Array.ConvertAll(view.View.LabelNames, Encoding.ASCII.GetBytes);
            writer.Family(view.View.CounterFamily, view.View.CounterHelp, CounterType, () => writer.Counters(view, labelNames, page.ShownUpTo));
            if (view.View.HistogramFamily is string histogram)
            {
                writer.Family(histogram, view.View.HistogramHelp, HistogramType, () => writer.Histograms(view, labelNames, page.ShownUpTo));
            }
        }

        foreach (PlainFamily family in page.Own)
        {
            writer.Family(family.Name, family.Help, family.IsCounter ? CounterType : GaugeType, () => writer.Plain(family));
        }
    }

    // message MetricFamily { string name = 1; string help = 2; MetricType type = 3; repeated Metric metric = 4; }
    private void Family(string name, string help, int type, Action writeMetrics)
    {
        Span<byte> length = _to.GetSpan(LengthBytes)[..LengthBytes]; // the buffer's pieces stay where they are
        _to.Advance(LengthBytes);
        long start = _to.Length;
        _wire.StringField(1, name);
        _wire.StringField(2, help);
        _wire.VarintField(3, (ulong)type);
        writeMetrics();
        Flush();
        var size = (ulong)(_to.Length - start);
        for (int i = 0; i < LengthBytes; i++)
        {
            length[i] = (byte)((size >> (7 * i)) | (i < LengthBytes - 1 ? 0x80u : 0));
        }
    }

    // message Metric { repeated LabelPair label = 1; Gauge gauge = 2; Counter counter = 3; Histogram histogram = 7; }
    private void Counters(SeriesTable view, byte[][] labelNames, int shown)
    {
        for (int series = 0; series < view.SeriesCount; series++)
        {
            int metric = BeginMetric(view, labelNames, series);
            Value(3, view.Counter(series, shown).Count);
            EndMetric(metric);
        }
    }

    private void Histograms(SeriesTable view, byte[][] labelNames, int shown)
    {
        double[] bounds = [.. view.View.PrintedBuckets, double.PositiveInfinity];
        for (int series = 0; series < view.SeriesCount; series++)
        {
            if (!view.HasHistogram(series))
            {
                continue;
            }

            int metric = BeginMetric(view, labelNames, series);
            Histogram(bounds, view.Histogram(series, shown));
            EndMetric(metric);
        }
    }

    // message Histogram { uint64 sample_count = 1; double sample_sum = 2; repeated Bucket bucket = 3; double sample_count_float = 4; }
    // message Bucket { uint64 cumulative_count = 1; double upper_bound = 2; double cumulative_count_float = 4; }
    private void Histogram(double[] bounds, SeriesValue value)
    {
        int histogram = _wire.Begin(7);
        double cumulative = 0;
        for (int i = 0; i < bounds.Length; i++)
        {
            cumulative += value.Buckets[i];
            int bucket = _wire.Begin(3);
            Count(cumulative);
            _wire.DoubleField(2, bounds[i]);
            _wire.End(bucket);
        }

        Count(cumulative);
        _wire.DoubleField(2, value.Sum);
        _wire.End(histogram);
    }

    // Sampled spans may add up to a fraction, which stands in a field that goes before the whole number where it is known.
    private void Count(double count)
    {
        ulong whole = (ulong)Math.Round(count);
        _wire.VarintField(1, whole);
        if (whole != count)
        {
            _wire.DoubleField(4, count);
        }
    }

    private void Plain(PlainFamily family)
    {
        foreach ((string labels, double value) in family.Samples)
        {
            int metric = _wire.Begin(4);
            var printed = new PrintedLabels(Encoding.UTF8.GetBytes(labels));
            while (printed.MoveNext())
            {
                var text = new Utf8JsonReader(printed.QuotedValue);
                text.Read();
                Label(printed.Name, Encoding.UTF8.GetBytes(text.GetString()!));
            }

            Value(family.IsCounter ? 3 : 2, value);
            EndMetric(metric);
        }
    }

    // message Counter { double value = 1; }, and a Gauge is the same.
    private void Value(int field, double value)
    {
        int message = _wire.Begin(field);
        _wire.DoubleField(1, value);
        _wire.End(message);
    }

    private int BeginMetric(SeriesTable view, byte[][] labelNames, int series)
    {
        int metric = _wire.Begin(4);
        for (int i = 0; i < labelNames.Length; i++)
        {
            if (view.LabelOf(series, i) is { IsEmpty: false } value)
            {
                Label(labelNames[i], value);
            }
        }

        return metric;
    }

    private void EndMetric(int metric)
    {
        _wire.End(metric);
        if (_wire.Length >= FlushBytes)
        {
            Flush();
        }
    }

    // message LabelPair { string name = 1; string value = 2; }
    private void Label(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        int label = _wire.Begin(1);
        _wire.StringField(1, name);
        _wire.StringField(2, value);
        _wire.End(label);
    }

    private void Flush()
    {
        _wire.Written.CopyTo(_to.GetSpan(_wire.Length));
        _to.Advance(_wire.Length);
        _wire.Clear();
    }
}
