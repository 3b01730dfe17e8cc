using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.EndToEnd;

/// <summary>What the worker says of how far behind it is.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class LagTests(RealKafka kafka)
{
    private const string CompleteUntil = "spanmetrics_complete_until_timestamp_seconds", LagSeconds = "spanmetrics_consumer_lag_seconds";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Quiet_topic_stays_complete_until_now_and_one_whose_broker_went_away_until_it_went()
    {
        const string Topic = "quiet";
        var broker = await KafkaBroker.StartAsync();
        await using var worker = Worker.Start(broker.Brokers, Topic, Topic);
        await using (broker)
        {
            await broker.Writer.CreateTopicAsync(Topic, partitions: 2);
            await worker.ReadyAsync();

            var quiet = await worker.PageAsync(page => page.Sum(CompleteUntil) > 0, Deadline, "a time until which all is counted");
            var later = await worker.PageAsync(page => page.Sum(CompleteUntil) >= quiet.Sum(CompleteUntil) + 3, Deadline, "that time to go on without a record");
            Assert.InRange(later.Sum(LagSeconds), 0, 10);
            Assert.Equal(0, later.Sum("spanmetrics_consumer_lag_records"));
            Assert.Equal(2, later.Family("spanmetrics_consumer_lag_records").Count());
        }

        var away = await worker.PageAsync(page => page.Sum(LagSeconds) > 5, Deadline, "a lag of 5 s after the broker went away");
        var stillAway = await worker.PageAsync(page => page.Sum(LagSeconds) > away.Sum(LagSeconds) + 2, Deadline, "a lag that grows");
        Assert.Equal(away.Sum(CompleteUntil), stillAway.Sum(CompleteUntil));
    }

    [Fact]
    public async Task Worker_that_reads_a_backlog_is_complete_until_the_time_of_the_last_record_counted()
    {
        const string Topic = "backlog";
        var broker = await kafka.BrokerAsync();
        await broker.Writer.CreateTopicAsync(Topic);
        var before = DateTimeOffset.UtcNow;
        await broker.Writer.WriteAllAsync(Topic, Enumerable.Repeat<byte[]?>([], 10));
        await using var worker = Worker.Start(broker.Brokers, Topic, Topic);

        var page = await worker.PageAsync(page => page.Sum("spanmetrics_input_records_total") == 10, Deadline, "all records");

        Assert.InRange(page.Sum(CompleteUntil), before.ToUnixTimeSeconds() - 1, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1);
        Assert.Equal(0, page.Sum("spanmetrics_kafka_offsets_lost_total"));
    }

    [Fact]
    public async Task Records_that_retention_took_before_they_were_read_are_counted_as_lost_and_said_in_the_log()
    {
        const string Topic = "taken";
        var broker = await kafka.BrokerAsync();
        await broker.Writer.CreateTopicAsync(Topic);
        await broker.Writer.WriteAllAsync(Topic, Enumerable.Repeat<byte[]?>([], 10));
        await using (var first = Worker.Start(broker.Brokers, Topic, Topic))
        {
            await first.PageAsync(page => page.Sum("spanmetrics_input_records_total") == 10, Deadline, "the first records");
            first.Signal(ChildProcess.SigTerm);
            Assert.Equal(0, await first.ExitAsync(Deadline));
        }

        await broker.Writer.WriteAllAsync(Topic, Enumerable.Repeat<byte[]?>([], 20));
        await broker.Writer.DeleteBelowAsync(Topic, 17);
        await using var second = Worker.Start(broker.Brokers, Topic, Topic);

        var page = await second.PageAsync(page => page.Sum("spanmetrics_input_records_total") == 13, Deadline, "the records that are left");

        Assert.Equal(7, page.Sum("spanmetrics_kafka_offsets_lost_total"));
        Assert.Contains($"{Topic}[0]: 7 records from offset 10 on were gone", second.Log, StringComparison.Ordinal);
    }
}
