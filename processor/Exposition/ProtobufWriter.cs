using System.Globalization;
using System.Text;
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

        foreach (PlainHistogram histogram in page.OwnHistograms)
        {
            writer.Family(histogram.Name, histogram.Help, HistogramType, () => writer.Plain(histogram));
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
    // message Counter { double value = 1; Exemplar exemplar = 2; Timestamp created_timestamp = 3; }
    private void Counters(SeriesTable view, byte[][] labelNames, int shown)
    {
        for (int series = 0; series < view.SeriesCount; series++)
        {
            int metric = BeginMetric(view, labelNames, series);
            int counter = _wire.Begin(3);
            _wire.DoubleField(1, view.Counter(series, shown).Count);
            ReadOnlySpan<Exemplar> exemplars = view.ExemplarsOf(series, shown);
            ExemplarFields(2, ExemplarText.Next(ref exemplars, Exemplar.OfCounter));
            Timestamp(3, view.CreatedUnixMillis(series));
            _wire.End(counter);
            EndMetric(metric);
        }
    }

    private void Histograms(SeriesTable view, byte[][] labelNames, int shown)
    {
        double[] bounds = [.. view.View.PrintedBuckets, double.PositiveInfinity];
        NativeBuckets? native = view.View.Native;
        for (int series = 0; series < view.SeriesCount; series++)
        {
            if (!view.HasHistogram(series))
            {
                continue;
            }

            ReadOnlySpan<Exemplar> exemplars = view.ExemplarsOf(series, shown);
            ExemplarText.Next(ref exemplars, Exemplar.OfCounter);
            SeriesValue value = view.Histogram(series, shown);
            int metric = BeginMetric(view, labelNames, series);
            int histogram = _wire.Begin(7);
            bool isWhole = native is null || NativeFields.AreWhole(value);
            Count(value.Observed, isWhole);
            _wire.DoubleField(2, value.Sum);
            if (native is not null)
            {
                NativeFields.Write(_wire, native, value, isWhole);
            }

            if (view.View.Histograms == Aggregation.Histograms.Native)
            {
                ExemplarBuckets(bounds, value, exemplars);
            }
            else
            {
                Buckets(bounds, value, exemplars);
            }

            Timestamp(15, view.CreatedUnixMillis(series));
            _wire.End(histogram);
            EndMetric(metric);
        }
    }

    // message Histogram { uint64 sample_count = 1; double sample_sum = 2; repeated Bucket bucket = 3; double sample_count_float = 4;
    //                     Timestamp created_timestamp = 15; }, and NativeFields
    // message Bucket { uint64 cumulative_count = 1; double upper_bound = 2; Exemplar exemplar = 3; double cumulative_count_float = 4; }
    private void Buckets(double[] bounds, SeriesValue value, ReadOnlySpan<Exemplar> exemplars)
    {
        double cumulative = 0;
        for (int i = 0; i < bounds.Length; i++)
        {
            cumulative += value.Buckets[i];
            Bucket(cumulative, bounds[i], ExemplarText.Next(ref exemplars, i));
        }
    }

    private void Bucket(double cumulative, double bound, ReadOnlySpan<Exemplar> exemplar)
    {
        int bucket = _wire.Begin(3);
        Count(cumulative);
        _wire.DoubleField(2, bound);
        ExemplarFields(3, exemplar);
        _wire.End(bucket);
    }

    // Prometheus looks for exemplars of a native histogram here too. There is a field of their own, exemplars = 16, of which 2.53 does not find
    // its way back to the first one from series to series. Before 2.46 it takes one, the first, and warns where it is older than the last.
    private void ExemplarBuckets(double[] bounds, SeriesValue value, ReadOnlySpan<Exemplar> exemplars)
    {
        Exemplar[] newestFirst = exemplars.ToArray();
        Array.Sort(newestFirst, (one, other) => other.EndUnixMillis.CompareTo(one.EndUnixMillis));
        foreach (ref readonly Exemplar exemplar in newestFirst.AsSpan())
        {
            double cumulative = 0;
            foreach (double count in value.Buckets[..(exemplar.Bucket + 1)])
            {
                cumulative += count;
            }

            Bucket(cumulative, bounds[exemplar.Bucket], new ReadOnlySpan<Exemplar>(in exemplar));
        }
    }

    // Sampled spans may add up to a fraction, which stands in a field that goes before the whole number where it is known.
    private void Count(double count, bool isWhole = true)
    {
        ulong whole = (ulong)Math.Round(count);
        _wire.VarintField(1, whole);
        if (whole != count || !isWhole)
        {
            _wire.DoubleField(4, count);
        }
    }

    // message Exemplar { repeated LabelPair label = 1; double value = 2; Timestamp timestamp = 3; }
    private void ExemplarFields(int field, ReadOnlySpan<Exemplar> exemplar)
    {
        if (exemplar.IsEmpty)
        {
            return;
        }

        ref readonly Exemplar one = ref exemplar[0];
        int message = _wire.Begin(field);
        Span<byte> hex = stackalloc byte[32];
        one.Link.Trace.TryFormat(hex, out int written, "x32", CultureInfo.InvariantCulture);
        Label("trace_id"u8, hex[..written]);
        if (one.Link.Span != 0)
        {
            one.Link.Span.TryFormat(hex, out written, "x16", CultureInfo.InvariantCulture);
            Label("span_id"u8, hex[..written]);
        }

        _wire.DoubleField(2, one.Value);
        Timestamp(3, one.EndUnixMillis);
        _wire.End(message);
    }

    // message Timestamp { int64 seconds = 1; int32 nanos = 2; }
    private void Timestamp(int field, long unixMillis)
    {
        int timestamp = _wire.Begin(field);
        _wire.VarintField(1, (ulong)(unixMillis / 1000));
        _wire.VarintField(2, (ulong)(unixMillis % 1000 * 1_000_000));
        _wire.End(timestamp);
    }

    private void Plain(PlainFamily family)
    {
        foreach (((string Name, string Value)[] labels, double value) in family.Samples)
        {
            int metric = _wire.Begin(4);
            foreach ((string name, string text) in labels)
            {
                int label = _wire.Begin(1);
                _wire.StringField(1, name);
                _wire.StringField(2, text);
                _wire.End(label);
            }

            Value(family.IsCounter ? 3 : 2, value);
            EndMetric(metric);
        }
    }

    private void Plain(PlainHistogram plain)
    {
        int metric = _wire.Begin(4), histogram = _wire.Begin(7);
        long cumulative = 0;
        foreach (long count in plain.Counts)
        {
            cumulative += count;
        }

        Count(cumulative);
        _wire.DoubleField(2, plain.SumSeconds);
        cumulative = 0;
        for (int i = 0; i < plain.Bounds.Length; i++)
        {
            cumulative += plain.Counts[i];
            Bucket(cumulative, plain.Bounds[i], []);
        }

        _wire.End(histogram);
        EndMetric(metric);
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
