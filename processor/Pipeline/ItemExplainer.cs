using System.Text;
using SpanMetrics.Aggregation;
using SpanMetrics.Otlp;
using SpanMetrics.Semantics;

namespace SpanMetrics.Pipeline;

/// <summary>Finds out what there is to say of a span or a log record: first while its bytes are there, then when its trace is known.</summary>
internal sealed class ItemExplainer(PipelineOptions options, SpanClassifier classifier, SymbolTable symbols, OwnDimensions? own)
{
    private readonly OriginFinder _origins = new();
    private readonly SourceReader _reader = new();

    public ExplainedItem Begin(int record, in SpanView span, SpanPlan plan, RecordSpans spans, int index)
    {
        classifier.Decide(span, plan, spans[index], out OutcomeRule? outcome, out OutcomeRule? status);
        ExplainedItem item = New(record, span, isLog: false, plan, index..spans.Count, outcome);
        Explain(item, span, spans, index);
        item.From[(int)Dimension.SpanName] = span.Name.IsEmpty ? OriginFinder.Default : "span name";
        item.From[(int)Dimension.SpanKind] = "span kind";
        item.From[(int)Dimension.StatusCode] = "span status";
        item.From[(int)Dimension.Status] = status is null ? "span status" : $"rule {status.Place}";
        for (Field field = Field.InputTokens; field <= Field.Cost && plan.HasUsage; field++)
        {
            string from = _origins.Of(field, plan, span, item.Skipped);
            if (plan.Numbers[(int)field] >= 0 && _reader.Number(field, plan, span) is >= 0 and double amount)
            {
                item.Usage.Add((FieldText.Names[(int)field], amount, from));
            }
        }

        item.Note = plan.Role == CallRole.Tokens ? "tokens only: another span is the call"
            : plan.Class == SpanClass.Gateway && options.GatewayDecisions == GatewayDecisions.Logs ? "gateway_decisions: logs, so the access log counts in its place"
            : "";
        return item;
    }

    public ExplainedItem Begin(int record, in LogRecordView log, SpanPlan? plan, RecordSpans spans, int index)
    {
        SpanView span = log.AsSpan;
        if (plan is null)
        {
            return New(record, span, isLog: true, null, index..index, null) with { Note = "filtered, it has no event name" };
        }

        classifier.Decide(span, plan, spans[index], out OutcomeRule? outcome, out _);
        ExplainedItem item = New(record, span, isLog: true, plan, index..spans.Count, outcome);
        Explain(item, span, spans, index);
        if ((spans[index].Counted & CountedAs.LogEvent) != 0)
        {
            item.From[(int)Dimension.Event] = log.EventName.IsEmpty ? "attribute event.name" : "event name";
        }

        return item;
    }

    /// <summary>What changes where the trace is known: the values, and what is counted.</summary>
    public void End(ExplainedItem item, RecordSpans spans, int modelBefore)
    {
        int index = item.Entries.Start.Value;
        if (spans[index].Text[(int)Dimension.Model] != modelBefore)
        {
            item.From[(int)Dimension.Model] = "from trace";
        }

        item.Values = Array.ConvertAll(DimensionText.All, dimension => ValueOf(spans[index], dimension));
        Count(item, item.Entries, spans);
    }

    /// <summary>Adds the families that some entries move.</summary>
    public void Count(ExplainedItem item, Range entries, RecordSpans spans)
    {
        for (int index = entries.Start.Value; index < entries.End.Value; index++)
        {
            ref readonly ClassifiedSpan entry = ref spans[index];
            foreach (View view in options.Views)
            {
                if ((view.Match & entry.Counted) != 0)
                {
                    List<(string, string)> labels = OtherLabels(item, entry, spans.OwnOf(index), view);
                    item.Moved.Add(new MovedFamily(view.CounterFamily, entry.Weight, labels));
                    if (view.HistogramFamily is not null && entry.DurationNanos != ClassifiedSpan.NoDuration)
                    {
                        item.Moved.Add(new MovedFamily(view.HistogramFamily, entry.DurationNanos / view.NanosInUnit, labels));
                    }
                }
            }
        }
    }

    private static ExplainedItem New(int record, in SpanView span, bool isLog, SpanPlan? plan, Range entries, OutcomeRule? outcome) => new()
    {
        Record = record,
        IsLog = isLog,
        TraceId = Convert.ToHexStringLower(span.TraceId),
        SpanId = Convert.ToHexStringLower(span.SpanId),
        Plan = plan,
        Entries = entries,
        OutcomeRule = outcome,
    };

    private void Explain(ExplainedItem item, in SpanView span, RecordSpans spans, int index)
    {
        SpanPlan plan = item.Plan!;
        string decided = item.OutcomeRule is null ? OriginFinder.Default : $"rule {item.OutcomeRule.Place}";
        item.From[(int)Dimension.ServiceName] = _origins.OfService(options.Rules.ServiceName, span, item.Skipped);
        item.From[(int)Dimension.Source] = plan.Emitter.Match is null ? OriginFinder.Default : "match";
        for (Field field = 0; (int)field < FieldText.Texts; field++)
        {
            item.From[(int)FieldText.DimensionOf(field)] = _origins.Of(field, plan, span, item.Skipped);
        }

        foreach (Dimension dimension in (ReadOnlySpan<Dimension>)[Dimension.Outcome, Dimension.Deny, Dimension.Reason])
        {
            item.From[(int)dimension] = decided;
        }

        string tier = _origins.Of(Field.RiskTier, plan, span, item.Skipped);
        bool isOfRule = tier == OriginFinder.Default && ClosedValues.ValueOf(spans[index].Closed, Dimension.RiskTier) != (int)RiskTier.None;
        item.From[(int)Dimension.RiskTier] = isOfRule ? decided : tier;
        item.From[(int)Dimension.Modified] = _origins.Of(Field.Modified, plan, span, item.Skipped);
        for (int i = 0; own is not null && i < own.Absent.Length; i++)
        {
            (string name, string from) = own.OriginOf(span, i);
            item.Own.Add((name, TextOf(spans.OwnOf(index)[i]), from));
        }
    }

    // A call has labels of all its spans; tokens have a type, which no span has.
    private List<(string, string)> OtherLabels(ExplainedItem item, in ClassifiedSpan entry, ReadOnlySpan<int> ownValues, View view)
    {
        var labels = new List<(string, string)>();
        for (int i = 0; i < view.Dimensions.Length; i++)
        {
            string value = ValueOf(entry, view.Dimensions[i]);
            if (view.Dimensions[i] == Dimension.TokenType ? entry.Counted == CountedAs.Tokens : value != item.Values[(int)view.Dimensions[i]])
            {
                labels.Add((view.LabelNames[i], value));
            }
        }

        for (int i = 0; i < view.Own.Length; i++)
        {
            string value = TextOf(ownValues[view.Own[i]]);
            if (value != item.Own[view.Own[i]].Value)
            {
                labels.Add((view.LabelNames[view.Dimensions.Length + i], value));
            }
        }

        return labels;
    }

    private string ValueOf(in ClassifiedSpan span, Dimension dimension) => DimensionText.IsText(dimension)
        ? TextOf(span.Text[(int)dimension])
        : Encoding.UTF8.GetString(DimensionText.ClosedBytesOf(dimension, span.Closed));

    private string TextOf(int symbol) => Encoding.UTF8.GetString(symbols.TextOf(symbol));
}
