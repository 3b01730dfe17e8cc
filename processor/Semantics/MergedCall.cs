using SpanMetrics.Otlp;

namespace SpanMetrics.Semantics;

/// <summary>The one call that nested spans show, from the outermost one inwards.</summary>
internal struct MergedCall(in ClassifiedSpan span, in Usage usage, uint weak, bool isTurn)
{
    private static readonly Dimension[] Filled = [Dimension.Agent, Dimension.Tool, Dimension.Model, Dimension.Provider, Dimension.Operation, Dimension.Target, Dimension.Source];

    /// <summary>Labels from the outermost span that has them.</summary>
    public ClassifiedSpan Call = span;

    public Usage Usage = usage;

    /// <summary>A bit for each dimension whose value is only a default.</summary>
    public uint Weak = weak;

    private bool _isTurn = isTurn; // nothing in it took the time of the model alone

    public readonly Outcome Outcome => (Outcome)ClosedValues.ValueOf(Call.Closed, Dimension.Outcome);

    private readonly SpanStatus Status => (SpanStatus)ClosedValues.ValueOf(Call.Closed, Dimension.Status);

    /// <summary>Takes in the next span inside: what is lacking, the worse status and outcome, and the time of a model, which is the innermost's.</summary>
    public void Add(in MergedCall inner, bool isModel)
    {
        Usage.Fill(inner.Usage);
        foreach (Dimension dimension in Filled)
        {
            uint bit = 1u << (int)dimension;
            if ((Weak & bit) != 0 && (inner.Weak & bit) == 0)
            {
                Call.Text[(int)dimension] = inner.Call.Text[(int)dimension];
                Weak &= ~bit;
            }
        }

        SpanStatus status = Status > inner.Status ? Status : inner.Status; // error over ok over unset: as they are numbered
        Outcome outcome = Worse(Outcome, inner.Outcome);
        Call.Closed = ClosedValues.Replace(Call.Closed, Dimension.Status, (int)status);
        Call.Closed = ClosedValues.Replace(Call.Closed, Dimension.Outcome, (int)outcome);
        Call.Closed = ClosedValues.Replace(Call.Closed, Dimension.Deny, outcome == Outcome.Deny ? 1 : 0);
        if (isModel && !inner._isTurn)
        {
            Call.DurationNanos = inner.Call.DurationNanos;
            _isTurn = false;
        }
    }

    /// <summary>To be called when all are in it.</summary>
    public void End() => Call.DurationNanos = _isTurn ? ClassifiedSpan.NoDuration : Call.DurationNanos;

    private static Outcome Worse(Outcome one, Outcome other)
    {
        ReadOnlySpan<Outcome> worst = [Outcome.Deny, Outcome.Hitl, Outcome.RateLimited, Outcome.Error, Outcome.Allow];
        foreach (Outcome outcome in worst)
        {
            if (one == outcome || other == outcome)
            {
                return outcome;
            }
        }

        return Outcome.None;
    }
}
