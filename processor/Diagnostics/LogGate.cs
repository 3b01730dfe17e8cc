namespace SpanMetrics.Diagnostics;

/// <summary>
/// Lets the first few messages of each interval through and counts the rest, so that bad input cannot flood the log.
/// Not thread-safe: one owner for each gate.
/// </summary>
internal sealed class LogGate(TimeProvider time, int perInterval, TimeSpan interval)
{
    private long _intervalStart = time.GetTimestamp();
    private int _passed;
    private long _suppressed;

    /// <param name="suppressed">Messages held back since the last one that passed.</param>
    public bool TryPass(out long suppressed)
    {
        if (time.GetElapsedTime(_intervalStart) >= interval)
        {
            _intervalStart = time.GetTimestamp();
            _passed = 0;
        }

        suppressed = 0;
        if (_passed == perInterval)
        {
            _suppressed++;
            return false;
        }

        _passed++;
        (suppressed, _suppressed) = (_suppressed, 0);
        return true;
    }
}
