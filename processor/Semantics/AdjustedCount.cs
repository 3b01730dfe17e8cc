using System.Buffers.Text;

namespace SpanMetrics.Semantics;

/// <summary>
/// How many spans one span stands for, by the threshold that its sampler wrote into the trace state:
/// <c>ot=th:T</c>, T being up to 14 hexadecimal digits, zeros on the right left out (OpenTelemetry, "TraceState: Probability Sampling").
/// </summary>
internal static class AdjustedCount
{
    private const int Digits = 14;
    private const ulong All = 1ul << 56;

    // By the standard one span may claim to stand for 2^56, and a double that holds so many does not change when a deny is added.
    // With this limit it takes 2^33 spans to reach 2^53, beyond which doubles are not exact.
    private const double Most = 1 << 20;

    /// <summary>2^56 / (2^56 - T), at most 2^20; 1 without a threshold and for one that is none.</summary>
    public static double Of(ReadOnlySpan<byte> traceState) => traceState.IsEmpty ? 1 : OfMember(traceState);

    // "vendor=x,ot=rv:…;th:c": members between commas, ours between semicolons.
    private static double OfMember(ReadOnlySpan<byte> traceState)
    {
        foreach (Range member in traceState.Split((byte)','))
        {
            ReadOnlySpan<byte> text = traceState[member].Trim(" \t"u8);
            if (!text.StartsWith("ot="u8))
            {
                continue;
            }

            text = text["ot="u8.Length..];
            foreach (Range part in text.Split((byte)';'))
            {
                ReadOnlySpan<byte> value = text[part];
                if (value.StartsWith("th:"u8))
                {
                    return OfThreshold(value["th:"u8.Length..]);
                }
            }
        }

        return 1;
    }

    private static double OfThreshold(ReadOnlySpan<byte> hex)
    {
        if (hex.Length is 0 or > Digits || !Utf8Parser.TryParse(hex, out ulong threshold, out int read, 'x') || read != hex.Length)
        {
            return 1;
        }

        return Math.Min(Most, (double)All / (All - (threshold << (4 * (Digits - hex.Length))))); // a difference of doubles can be 0
    }
}
