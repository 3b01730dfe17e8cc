using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Ingest;
using SpanMetrics.Pipeline;

namespace SpanMetrics.Perf;

/// <summary>A worker of one view and the page that it is folded into, with each step of a scrape by itself. Records go to its partitions in turn.</summary>
internal sealed class ScrapedWorker : IRecordSink
{
    private readonly RecordPipeline _pipeline = new(Pipelines.Options(Pipelines.Default[..1], Pipelines.NoLimits), TimeProvider.System);
    private readonly PageKeeper _keeper = new(Pipelines.Default[..1], Pipelines.NoLimits, workers: 1, TimeProvider.System);
    private readonly PartitionDeltas[] _partitions;
    private readonly DiscardedText _text = new();
    private readonly NumberedFeed _feed;
    private WorkerHandover? _handover;
    private int _partition;

    public ScrapedWorker(int series, int partitions)
    {
        Name = Text.Of($"{series:N0}{(partitions > 1 ? Text.Of($" in each of {partitions} partitions") : "")}");
        _partitions = [.. Enumerable.Range(0, partitions).Select(_ => _pipeline.AddPartition())];
        _feed = new NumberedFeed(this, series);
    }

    public string Name { get; }

    public long Bytes => _text.Bytes;

    public long Lines => _text.Lines;

    public void Take(ReadOnlySpan<byte> value, bool isNull, RecordSignal signal)
    {
        _pipeline.Take(value, isNull, signal);
        _pipeline.Apply(_partitions[_partition]);
    }

    /// <summary>An increment for every series in every partition.</summary>
    public void TouchAll()
    {
        for (_partition = 0; _partition < _partitions.Length; _partition++)
        {
            _feed.FeedAll();
        }
    }

    public void HandOver() => _handover = _pipeline.HandOver([]);

    public void Fold() => _keeper.Fold(0, _handover!);

    public PageBuffer Print(PageFormat format) => PagePress.Print(_keeper.Page(), format);

    public void Render()
    {
        _text.Clear();
        PageWriter.Write(_keeper.Page(), PageFormat.Text, _text);
    }
}
