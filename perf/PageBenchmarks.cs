using System.Buffers;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Pipeline;

namespace SpanMetrics.Perf;

/// <summary>What a scrape costs, per page: the label sets that <see cref="SpanRecords"/> make, one worker, one partition.</summary>
[MemoryDiagnoser]
public class PageBenchmarks
{
    private readonly RecordPipeline _pipeline = new(Views.Build(new Dictionary<string, ViewOptions>()), new AggregationOptions());
    private readonly ArrayBufferWriter<byte> _text = new(1 << 20);
    private readonly PartitionDeltas _partition;
    private readonly Increment[] _oneOfEach;

    public PageBenchmarks()
    {
        _partition = _pipeline.AddPartition();
        foreach (byte[] record in SpanRecords.Make())
        {
            _pipeline.Take(record, isNull: false);
            _pipeline.Apply(_partition);
        }

        _oneOfEach = [.. _pipeline.Fold([]).Views.SelectMany((view, v) => Enumerable.Range(0, view.SeriesCount).Select(series => new Increment(v, series, 0.01)))];
    }

    [GlobalSetup]
    public void Warm()
    {
        for (int round = 0; round < 4; round++)
        {
            for (int i = 0; i < 20; i++)
            {
                FoldAndRender();
            }

            Thread.Sleep(200);
        }
    }

    internal static string Describe()
    {
        var benchmarks = new PageBenchmarks();
        int bytes = benchmarks.FoldAndRender();
        int lines = benchmarks._text.WrittenSpan.Count((byte)'\n');
        return string.Create(CultureInfo.InvariantCulture, $"{benchmarks._oneOfEach.Length} label sets in all views, page of {lines} lines, {bytes} bytes");
    }

    // Every label set gets an increment, then all are folded and copied. While this runs the worker takes no records.
    // Leaves out the switch between threads, and cold memory: with many label sets a row is no longer in the cache.
    [Benchmark]
    public int Fold()
    {
        foreach (Increment increment in _oneOfEach)
        {
            _partition.Add(increment);
        }

        return _pipeline.Fold([]).Views.Count;
    }

    // And printed as text into one buffer of the right size. Leaves out HTTP, compression and the buffer's growth.
    [Benchmark]
    public int FoldAndRender()
    {
        foreach (Increment increment in _oneOfEach)
        {
            _partition.Add(increment);
        }

        _text.ResetWrittenCount();
        PageWriter.Write(_pipeline.Fold([]), PageFormat.Text, _text);
        return _text.WrittenCount;
    }
}
