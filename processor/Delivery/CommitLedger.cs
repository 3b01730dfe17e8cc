using Confluent.Kafka;

namespace SpanMetrics.Delivery;

/// <summary>
/// Decides which offsets may be committed, and is the only place that does. Today: whatever has been counted, at most
/// once an interval. Not thread-safe: owned by one worker.
/// </summary>
internal sealed class CommitLedger(TimeProvider time, TimeSpan interval)
{
    private readonly Dictionary<TopicPartition, Offset> _counted = [];
    private long _lastRelease = time.GetTimestamp();

    /// <summary>Every record of the partition below <paramref name="next"/> is in the counters.</summary>
    public void Counted(TopicPartition partition, Offset next) => _counted[partition] = next;

    /// <summary>Another consumer may have it already: what it counted here is not committed.</summary>
    public void Lost(TopicPartition partition) => _counted.Remove(partition);

    /// <summary>The offsets that may be committed now; none until the interval has passed.</summary>
    public IReadOnlyCollection<TopicPartitionOffset> ReleaseDue() =>
        _counted.Count == 0 || time.GetElapsedTime(_lastRelease) < interval ? [] : ReleaseAll();

    /// <summary>The offsets that may be committed when a partition goes or the worker stops.</summary>
    public IReadOnlyCollection<TopicPartitionOffset> ReleaseAll()
    {
        _lastRelease = time.GetTimestamp();
        var released = new List<TopicPartitionOffset>(_counted.Count);
        foreach ((TopicPartition partition, Offset next) in _counted)
        {
            released.Add(new TopicPartitionOffset(partition, next));
        }

        _counted.Clear();
        return released;
    }
}
