using Google.Protobuf;
using SpanMetrics.Otlp;

namespace SpanMetrics.Oracle;

/// <summary>The product against the oracle, and the oracle against Google.Protobuf, on one record. Not thread-safe.</summary>
internal sealed class Differential
{
    private readonly ProductDecoder _product = new();

    /// <summary>Null where all three agree, or differ as <see cref="Agreement"/> allows.</summary>
    public string? DifferenceOn(byte[] record, Signal signal, out Agreement agreement)
    {
        PlainRecord product = _product.Decode(record, signal);
        PlainRecord expected = PlainDecoder.Decode(record, signal);
        if (expected.GroupDepth > PlainDecoder.DeepGroups)
        {
            agreement = Agreement.GroupsAreDeep;
            return null;
        }

        string? difference = expected.DifferenceTo(product);
        if (difference is not null)
        {
            agreement = default;
            return $"expected {difference}";
        }

        agreement = signal == Signal.Traces
            ? Compare(expected, record, Otlp.TracesData.Parser, Read.TracesData.Parser, GoogleParse.ItemsOf, ref difference)
            : Compare(expected, record, Otlp.LogsData.Parser, Read.LogsData.Parser, GoogleParse.ItemsOf, ref difference);
        return difference;
    }

    private static Agreement Compare<TWhole, TRead>(
        PlainRecord expected, byte[] record, MessageParser<TWhole> whole, MessageParser<TRead> read, Func<TWhole, List<PlainItem>> itemsOf, ref string? difference)
        where TWhole : class, IMessage<TWhole>
        where TRead : class, IMessage<TRead>
    {
        if (GoogleParse.TryParse(whole, record, out TWhole? data))
        {
            return Accepted(expected, itemsOf(data), ref difference);
        }

        if (expected.Faults != WireFault.None)
        {
            return expected.Items.Count > 0 ? Agreement.Salvaged : Agreement.Broken;
        }

        if (GoogleParse.TryParse(read, record, out _))
        {
            return Agreement.UnreadPartIsBroken;
        }

        difference = expected.OtherSignals.Count > 0 ? null : "Google.Protobuf refuses what the oracle takes";
        return Agreement.OtherSignal;
    }

    private static Agreement Accepted(PlainRecord expected, List<PlainItem> googles, ref string? difference)
    {
        if ((expected.Faults | expected.ValueFaults).HasFlag(WireFault.TooWide))
        {
            return Agreement.NumberIsTooWide;
        }

        if (expected.HasCrowdedValue)
        {
            return Agreement.ValueIsCrowded;
        }

        List<PlainItem> items = [.. googles.Where((_, index) => !expected.OtherSignals.Contains(index))];
        difference = expected.Faults != WireFault.None
            ? $"Google.Protobuf takes what is {expected.Faults}"
            : PlainRecord.DifferenceOf(items, expected.Items) is string what ? $"Google.Protobuf says {what}" : null;
        return expected.OtherSignals.Count > 0 ? Agreement.OtherSignal : Agreement.Fine;
    }
}
