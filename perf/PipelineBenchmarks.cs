using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using SpanMetrics.Aggregation;
using SpanMetrics.Otlp;
using SpanMetrics.Pipeline;
using SpanMetrics.Semantics;

namespace SpanMetrics.Perf;

/// <summary>
/// Ceilings that stand on one another: each benchmark does what the one above it does and one thing more. Time and
/// allocations are per span, on one thread, warm: the same records over and over, every label
/// value and label set known. None of them has Kafka, decompression, garbage collection under load, first sight of
/// values, or more label sets than fit the cache.
/// </summary>
[MemoryDiagnoser]
public class PipelineBenchmarks
{
    private readonly byte[][] _records = SpanRecords.Make();
    private readonly TracesDecoder _decoder = new(Keys.Selector);
    private readonly SpanClassifier _classifier = new();
    private readonly RecordPipeline _pipeline = new(Views.Build(new Dictionary<string, ViewOptions>()), new AggregationOptions());
    private readonly PartitionDeltas _partition;

    public PipelineBenchmarks() => _partition = _pipeline.AddPartition();

    /// <summary>BenchmarkDotNet warms by time, the JIT recompiles by calls and after pauses: without this the first benchmarks run half-compiled code.</summary>
    [GlobalSetup]
    public void Warm()
    {
        for (int round = 0; round < 4; round++)
        {
            for (int i = 0; i < 10; i++)
            {
                Bytes();
                Tags();
                Decode();
                DecodeAndClassify();
                DecodeToCounters();
            }

            Thread.Sleep(200);
        }
    }

    /// <summary>What the numbers were measured over, and the allocations that a mean per span would round away.</summary>
    internal static string Describe()
    {
        var benchmarks = new PipelineBenchmarks();
        benchmarks.DecodeToCounters();
        long before = GC.GetAllocatedBytesForCurrentThread();
        benchmarks.DecodeToCounters();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        double bytes = benchmarks._records.Sum(record => record.Length);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{SpanRecords.Spans} spans in {SpanRecords.Records} records, {bytes / SpanRecords.Spans:F0} bytes and {(double)benchmarks.Tags() / SpanRecords.Spans:F1} fields per span; DecodeToCounters allocated {allocated} bytes for all of them");
    }

    // Every byte read once, a vector at a time: what the memory gives. Leaves out that a span is anything but bytes.
    [Benchmark(OperationsPerInvoke = SpanRecords.Spans)]
    public ulong Bytes()
    {
        var sum = Vector<ulong>.Zero;
        foreach (byte[] record in _records)
        {
            foreach (Vector<ulong> eight in MemoryMarshal.Cast<byte, Vector<ulong>>(record))
            {
                sum += eight; // the last few bytes of a record do not matter here
            }
        }

        return Vector.Sum(sum);
    }

    // Every field stepped over, with unchecked reads. Leaves out bounds checks, what keys and values say, broken input,
    // and resources that come after their spans.
    [Benchmark(Baseline = true, OperationsPerInvoke = SpanRecords.Spans)]
    public int Tags()
    {
        int fields = 0;
        foreach (byte[] record in _records)
        {
            fields += TagWalk.Fields(record);
        }

        return fields;
    }

    // Checked reads, attributes put into their slots, spans counted. Leaves out reading the values in the slots.
    [Benchmark(OperationsPerInvoke = SpanRecords.Spans)]
    public int Decode()
    {
        var visitor = new Counting();
        foreach (byte[] record in _records)
        {
            _decoder.Decode(record, ref visitor);
        }

        return visitor.Spans;
    }

    // And the class, outcome and dimensions of every span. Leaves out views and label sets.
    [Benchmark(OperationsPerInvoke = SpanRecords.Spans)]
    public int DecodeAndClassify()
    {
        var visitor = new Classifying(_classifier);
        foreach (byte[] record in _records)
        {
            _decoder.Decode(record, ref visitor);
        }

        return visitor.Sum;
    }

    // All a worker does with the bytes of a record, for one partition. Leaves out folding, offsets and committing.
    [Benchmark(OperationsPerInvoke = SpanRecords.Spans)]
    public long DecodeToCounters()
    {
        foreach (byte[] record in _records)
        {
            _pipeline.Take(record, isNull: false);
            _pipeline.Apply(_partition);
        }

        return _pipeline.Input.Counted;
    }

    private struct Counting : ISpanVisitor
    {
        public int Spans { get; private set; }

        public void Visit(in SpanView span) => Spans++;

        public readonly void VisitInvalid() => throw new InvalidOperationException("a generated span is broken");
    }

    private struct Classifying(SpanClassifier classifier) : ISpanVisitor
    {
        public int Sum { get; private set; }

        public void Visit(in SpanView span)
        {
            classifier.Classify(span, out ClassifiedSpan classified);
            Sum += (int)classified.Class + classified.Tool.Length;
        }

        public readonly void VisitInvalid() => throw new InvalidOperationException("a generated span is broken");
    }
}
