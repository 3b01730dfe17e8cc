using SpanMetrics.Exposition;
using SpanMetrics.Semantics;

namespace SpanMetrics.Pipeline;

/// <summary>How the trace context of one or several workers fares.</summary>
internal sealed class TraceCounts
{
    private readonly long[] _nested = new long[DimensionText.Classes.Length];
    private TraceMemoryCounts[] _memories = [];

    public TraceCounts()
    {
    }

    public TraceCounts(TraceContext context)
    {
        context.Nested.CopyTo(_nested);
        _memories = context.Counts;
    }

    public void Add(TraceCounts other)
    {
        for (int kind = 0; kind < _nested.Length; kind++)
        {
            _nested[kind] += other._nested[kind];
        }

        _memories = _memories.Length == 0 ? other._memories : Array.ConvertAll(_memories, mine => mine.Plus(Array.Find(other._memories, theirs => theirs.Kind == mine.Kind)));
    }

    public IEnumerable<PlainFamily> Families()
    {
        var nested = new PlainFamily("spanmetrics_nested_spans_total", "Spans folded into a call that another span counts.", isCounter: true);
        foreach (SpanClass kind in (ReadOnlySpan<SpanClass>)[SpanClass.Llm, SpanClass.Tool])
        {
            nested.With(_nested[(int)kind], ("class", DimensionText.Classes[(int)kind]));
        }

        var entries = new PlainFamily("spanmetrics_trace_entries", "Entries of the memory that joins spans of a trace, old ones too.", isCounter: false);
        var limit = new PlainFamily("spanmetrics_trace_entries_limit", "Entries at which old ones are forgotten.", isCounter: false);
        var lookups = new PlainFamily("spanmetrics_trace_lookups_total", "Questions to that memory.", isCounter: true);
        var evictions = new PlainFamily("spanmetrics_trace_evictions_total", "Entries that were forgotten for others before their time.", isCounter: true);
        foreach (TraceMemoryCounts memory in _memories)
        {
            entries.With(memory.Entries, ("kind", memory.Kind));
            limit.With(memory.Limit, ("kind", memory.Kind));
            lookups.With(memory.Hits, ("kind", memory.Kind), ("result", "hit"));
            lookups.With(memory.Misses, ("kind", memory.Kind), ("result", "miss"));
            evictions.With(memory.Evictions, ("kind", memory.Kind));
        }

        return [nested, entries, limit, lookups, evictions];
    }
}
