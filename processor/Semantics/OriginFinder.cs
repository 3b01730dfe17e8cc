using System.Text;
using SpanMetrics.Otlp;

namespace SpanMetrics.Semantics;

/// <summary>
/// Tells where the values of a span came from, and what was asked before in vain. It asks the sources that the classifier asks, in the same
/// order, once the span is classified. Holds scratch for one span at a time.
/// </summary>
internal sealed class OriginFinder
{
    public const string Default = "default";

    private const string NoTier = "no risk tier";

    private readonly SourceReader _reader = new();
    private readonly byte[] _scratch = new byte[AttributeValue.ScratchBytes];

    /// <param name="field">Which value.</param>
    /// <param name="plan">What the span was taken for.</param>
    /// <param name="span">The span itself.</param>
    /// <param name="skipped">Gets the sources before it that said nothing, and why.</param>
    public string Of(Field field, SpanPlan plan, in SpanView span, List<SkippedSource> skipped)
    {
        BoundSource[] sources = plan.Emitter.Sources[(int)field];
        for (int i = 0; PlanMaker.IsWanted(field, plan.Counted) && i < sources.Length; i++)
        {
            if (!sources[i].MayHold(plan.Counted, plan.Facts, span.Attributes.Present) || (sources[i].Source.Resource is not null && !span.Resource.Present.Has(sources[i].Slot)))
            {
                continue;
            }

            FieldSource source = sources[i].Source;
            if (WhyNot(field, plan, i, span) is not string why)
            {
                return source.ToString();
            }

            var vain = new SkippedSource(FieldText.Names[(int)field], source.ToString(), why);
            if (why.Length > 0 && !skipped.Contains(vain))
            {
                skipped.Add(vain);
            }

            if (source.Value is not null || why == NoTier)
            {
                break; // the classifier looks no further
            }
        }

        return field == Field.Agent ? $"{Default}, service_name" : Default;
    }

    /// <summary>The same for the name of the service.</summary>
    public string OfService(int slot, in SpanView span, List<SkippedSource> skipped)
    {
        const string From = "resource service.name";
        ReadOnlySpan<byte> written = span.Resource.TextOf(slot, _scratch);
        if (!Missing.Or(written).IsEmpty)
        {
            return From;
        }

        if (span.Resource.Present.Has(slot))
        {
            skipped.Add(new SkippedSource(DimensionText.NameOf(Dimension.ServiceName), From, WhyMissing(written)));
        }

        return Default;
    }

    // Null where the source has the value; empty where there is nothing to tell.
    private string? WhyNot(Field field, SpanPlan plan, int source, in SpanView span)
    {
        FieldSource from = plan.Emitter.Sources[(int)field][source].Source;
        if (field >= Field.InputTokens)
        {
            return _reader.NumberOf(field, plan, source, span) >= 0 ? null : from.Json is null ? "no number to believe" : "";
        }

        if (field == Field.Modified)
        {
            return span.Attributes.BoolOf(plan.Emitter.Sources[(int)field][source].Slot) is not null ? null : "no boolean";
        }

        if (from.Value is not null)
        {
            return from.Value.Length == 0 ? "the rule says that there is none" : null;
        }

        ReadOnlySpan<byte> text = _reader.TextOf(field, plan, source, span);
        if (!text.IsEmpty)
        {
            return field == Field.RiskTier && DimensionText.ParseRiskTier(text) == RiskTier.None ? NoTier : null;
        }

        ReadOnlySpan<byte> written = _reader.AsWritten(field, plan, source, span);
        return written.IsEmpty && from.Json is not null ? ""
            : Missing.Or(written).IsEmpty ? WhyMissing(written)
            : $"a value map takes \"{Encoding.UTF8.GetString(LabelValue.Of(written))}\" away";
    }

    private static string WhyMissing(ReadOnlySpan<byte> written) =>
        written.IsEmpty ? "empty" : $"\"{Encoding.UTF8.GetString(written)}\" counts as missing";
}
