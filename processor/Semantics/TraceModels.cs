namespace SpanMetrics.Semantics;

/// <summary>
/// Tells a decision that names no model which model led to it: the one whose call ended last before the decision began, in this record or in
/// an earlier one of the trace; else the first one of this record. Not thread-safe: owned by one worker.
/// </summary>
internal sealed class TraceModels(TraceOptions limits, SymbolTable symbols)
{
    private readonly TraceMemory<ModelSeen> _models = new(limits); // by trace
    private readonly int _none = symbols.InternOwn("none");
    private readonly int _unknown = symbols.InternOwn("unknown");

    // Of the record being joined: models that were called, by trace and end.
    private ModelCall[] _modelCalls = new ModelCall[64];
    private int _modelCallCount;
    private long _record;

    public TraceMemoryCounts Counts => _models.Counts;

    public void Join(RecordSpans spans, uint now)
    {
        _record++;
        _modelCallCount = 0;
        if (spans.HasCalls(CountedAs.Llm | CountedAs.Gateway))
        {
            NoteModels(spans);
        }

        if (spans.HasCalls(CountedAs.Decision | CountedAs.Gateway))
        {
            FindModels(spans, now);
        }

        RememberModels(now);
    }

    private void NoteModels(RecordSpans spans)
    {
        foreach (ref readonly CallSpan call in spans.Calls)
        {
            int model = spans[call.Span].Text[(int)Dimension.Model];
            if (call.Plan.Class is SpanClass.Llm or SpanClass.Gateway && model != _none && model != _unknown && call.Ids.Trace != 0)
            {
                if (_modelCallCount == _modelCalls.Length)
                {
                    Array.Resize(ref _modelCalls, _modelCallCount * 2);
                }

                _modelCalls[_modelCallCount] = new ModelCall(call.Ids.Trace, call.EndUnixNano, _modelCallCount++, model);
            }
        }
    }

    private void FindModels(RecordSpans spans, uint now)
    {
        bool isSorted = _modelCallCount < 2;
        foreach (ref readonly CallSpan call in spans.Calls)
        {
            ref ClassifiedSpan span = ref spans[call.Span];
            if (call.Plan.Class is not (SpanClass.Decision or SpanClass.Gateway) || span.Text[(int)Dimension.Model] != _none || call.Ids.Trace == 0)
            {
                continue;
            }

            if (!isSorted)
            {
                _modelCalls.AsSpan(0, _modelCallCount).Sort();
                isSorted = true;
            }

            // The place of the first one that ends later.
            int later = _modelCalls.AsSpan(0, _modelCallCount).BinarySearch(new ModelCall(call.Ids.Trace, call.StartUnixNano, int.MaxValue, 0));
            later = later < 0 ? ~later : later;
            if (later > 0 && _modelCalls[later - 1].Trace == call.Ids.Trace)
            {
                span.Text[(int)Dimension.Model] = _modelCalls[later - 1].Model;
            }
            else if (_models.Find(call.Ids.Trace, now) is >= 0 and int seen)
            {
                span.Text[(int)Dimension.Model] = _models[seen].Model;
            }
            else if (later < _modelCallCount && _modelCalls[later].Trace == call.Ids.Trace)
            {
                span.Text[(int)Dimension.Model] = _modelCalls[later].Model;
            }
        }
    }

    private void RememberModels(uint now)
    {
        foreach (ModelCall call in _modelCalls.AsSpan(0, _modelCallCount))
        {
            ref ModelSeen seen = ref _models[_models.Put(call.Trace, now)];
            if (seen.Record != _record || call.End >= seen.End)
            {
                seen = new ModelSeen(_record, call.End, call.Model);
            }
        }
    }

    private readonly record struct ModelSeen(long Record, ulong End, int Model);

    private readonly record struct ModelCall(ulong Trace, ulong End, int Number, int Model) : IComparable<ModelCall>
    {
        public int CompareTo(ModelCall other) =>
            Trace != other.Trace ? Trace.CompareTo(other.Trace) : End != other.End ? End.CompareTo(other.End) : Number.CompareTo(other.Number);
    }
}
