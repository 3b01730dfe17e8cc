using Confluent.Kafka;
using SpanMetrics.Delivery;

namespace SpanMetrics.Tests.Unit;

public sealed class CommitLedgerTests
{
    private static readonly TopicPartition First = new("spans", 0);
    private static readonly TopicPartition Second = new("spans", 1);

    private readonly ManualTime _time = new();
    private readonly CommitLedger _ledger;

    public CommitLedgerTests() => _ledger = new CommitLedger(_time, TimeSpan.FromSeconds(1));

    [Fact]
    public void Nothing_is_released_before_the_interval_has_passed()
    {
        _ledger.Counted(First, 5);
        Assert.Empty(_ledger.ReleaseDue());
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Empty(_ledger.ReleaseDue());
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal([new TopicPartitionOffset(First, 5)], _ledger.ReleaseDue());
    }

    [Fact]
    public void A_release_starts_the_interval_anew_and_is_made_once()
    {
        _ledger.Counted(First, 5);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(_ledger.ReleaseDue());
        Assert.Empty(_ledger.ReleaseAll());

        _ledger.Counted(First, 6);
        Assert.Empty(_ledger.ReleaseDue());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([new TopicPartitionOffset(First, 6)], _ledger.ReleaseDue());
    }

    [Fact]
    public void The_latest_offset_of_each_partition_is_released()
    {
        _ledger.Counted(First, 5);
        _ledger.Counted(Second, 70);
        _ledger.Counted(First, 6);

        Assert.Equal(
            [new TopicPartitionOffset(First, 6), new TopicPartitionOffset(Second, 70)],
            _ledger.ReleaseAll().OrderBy(offset => offset.Partition.Value));
    }

    [Fact]
    public void A_lost_partition_is_never_released()
    {
        _ledger.Counted(First, 5);
        _ledger.Counted(Second, 70);
        _ledger.Lost(First);

        Assert.Equal([new TopicPartitionOffset(Second, 70)], _ledger.ReleaseAll());
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(_ledger.ReleaseDue());
    }
}
