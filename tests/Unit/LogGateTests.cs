using SpanMetrics.Diagnostics;

namespace SpanMetrics.Tests.Unit;

public sealed class LogGateTests
{
    [Fact]
    public void The_first_messages_of_an_interval_pass_and_the_next_one_tells_how_many_did_not()
    {
        var time = new ManualTime();
        var gate = new LogGate(time, 2, TimeSpan.FromSeconds(10));

        Assert.Equal([0L, 0L, null, null, null], Tries(gate, 5));
        time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.Equal([null], Tries(gate, 1));
        time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal([4L, 0L, null], Tries(gate, 3));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([1L], Tries(gate, 1));
    }

    /// <summary>For each try the messages held back before it; null for one that was held back itself.</summary>
    private static List<long?> Tries(LogGate gate, int count)
    {
        var tries = new List<long?>();
        for (int i = 0; i < count; i++)
        {
            tries.Add(gate.TryPass(out long suppressed) ? suppressed : null);
        }
        return tries;
    }
}
