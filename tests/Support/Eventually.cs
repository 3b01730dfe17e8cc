using System.Diagnostics;

namespace SpanMetrics.Tests.Support;

/// <summary>Waiting for a condition, never for a time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until the answer is yes. A refused connection or a timed-out request is a no.</summary>
    public static async Task Async(Func<Task<bool>> condition, TimeSpan deadline, string what, Func<string>? describe = null)
    {
        var watch = Stopwatch.StartNew();
        var last = "";
        while (true)
        {
            try
            {
                if (await condition())
                {
                    return;
                }
                last = "";
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
            {
                last = e.Message;
            }
            if (watch.Elapsed > deadline)
            {
                Assert.Fail($"Waited {deadline.TotalSeconds:0} s for: {what}\n{last}\n{describe?.Invoke()}");
            }
            await Task.Delay(Pause);
        }
    }

    public static Task Async(Func<bool> condition, TimeSpan deadline, string what, Func<string>? describe = null) =>
        Async(() => Task.FromResult(condition()), deadline, what, describe);
}
