using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace SpanMetrics.Tests.Properties;

/// <summary>
/// Checks a property on made-up values, the same in every run: a build must not fail for what it did not change. Others come from
/// <c>make fuzz</c>, and with <c>SPANMETRICS_REPLAY=any</c>. A failure shows the simplest such value, what is wrong with it, and the seed.
/// </summary>
internal static class Property
{
    // The numbers in brackets of a failure's message, as 1,2 or 1,2,3: that value and no other.
    private static readonly string Replay = Environment.GetEnvironmentVariable("SPANMETRICS_REPLAY") ?? "1,1";

    public static void Holds<T>(Arbitrary<T> values, Action<T> property, int times = 300)
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(times).WithQuietOnSuccess(true);
        if (Replay != "any")
        {
            ulong[] numbers = Array.ConvertAll(Replay.Split(','), number => ulong.Parse(number, CultureInfo.InvariantCulture));
            config = numbers.Length == 2 ? config.WithReplay(numbers[0], numbers[1]) : config.WithReplay(numbers[0], numbers[1], (int)numbers[2]);
        }

        Prop.ForAll(values, property).Check(config);
    }
}
