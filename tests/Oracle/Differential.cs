namespace SpanMetrics.Oracle;

/// <summary>The product against the oracle, and the oracle against Google.Protobuf, on one record. Not thread-safe.</summary>
internal sealed class Differential
{
    private readonly ProductDecoder _product = new();

    /// <summary>Null where all three agree, or differ as <see cref="Agreement"/> allows.</summary>
    public string? DifferenceOn(byte[] record, out Agreement agreement)
    {
        PlainRecord product = _product.Decode(record);
        PlainRecord expected = PlainDecoder.Decode(record);
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

        agreement = GoogleParse.TryParse(Otlp.TracesData.Parser, record, out Otlp.TracesData? traces)
            ? Accepted(expected, GoogleParse.SpansOf(traces), ref difference)
            : Refused(expected, record, ref difference);
        return difference;
    }

    private static Agreement Accepted(PlainRecord expected, List<PlainSpan> googles, ref string? difference)
    {
        if ((expected.Faults | expected.ValueFaults).HasFlag(WireFault.TooWide))
        {
            return Agreement.NumberIsTooWide;
        }

        List<PlainSpan> spans = [.. googles.Where((_, index) => !expected.OtherSignals.Contains(index))];
        difference = expected.Faults != WireFault.None
            ? $"Google.Protobuf takes what is {expected.Faults}"
            : PlainRecord.DifferenceOf(spans, expected.Spans) is string what ? $"Google.Protobuf says {what}" : null;
        return expected.OtherSignals.Count > 0 ? Agreement.OtherSignal : Agreement.Fine;
    }

    private static Agreement Refused(PlainRecord expected, byte[] record, ref string? difference)
    {
        if (expected.Faults != WireFault.None)
        {
            return expected.Spans.Count > 0 ? Agreement.Salvaged : Agreement.Broken;
        }

        if (GoogleParse.TryParse(Read.TracesData.Parser, record, out _))
        {
            return Agreement.UnreadPartIsBroken;
        }

        difference = expected.OtherSignals.Count > 0 ? null : "Google.Protobuf refuses what the oracle takes";
        return Agreement.OtherSignal;
    }
}
