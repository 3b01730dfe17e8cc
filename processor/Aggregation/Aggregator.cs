using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>
/// Turns classified spans into increments, record by record: a record counts whole or not at all. Not thread-safe: owned by one worker.
/// </summary>
internal sealed class Aggregator
{
    // Spans that are looked up together, each step for all of them: their cache misses overlap.
    private const int Block = 16;

    private readonly View[] _views;
    private readonly LabelSets[] _labelSets; // by view
    private readonly SymbolTable _symbols;
    private readonly List<PartitionDeltas> _partitions = [];

    // Of a record too large to be held apart: its spans so far.
    private PartitionDeltas _spill;
    private bool _spilled;

    // Of the block being counted.
    private readonly int[] _keys = new int[Block * (1 + ClassifiedSpan.Symbols.Length)];
    private readonly ulong[] _hashes = new ulong[Block];
    private readonly int[] _spans = new int[Block];
    private readonly int[] _series = new int[Block]; // then the rows

    public Aggregator(View[] views, AggregationOptions limits, SymbolTable symbols)
    {
        _views = views;
        _symbols = symbols;
        _labelSets = Array.ConvertAll(views, view => new LabelSets(view, view.SeriesLimit ?? limits.Series));
        foreach (View view in views)
        {
            Wanted |= view.Match;
        }

        _spill = NewPartition();
    }

    /// <summary>What any view counts.</summary>
    public CountedAs Wanted { get; }

    /// <summary>A table of increments for one more partition; handed over with all others.</summary>
    public PartitionDeltas AddPartition()
    {
        PartitionDeltas partition = NewPartition();
        _partitions.Add(partition);
        return partition;
    }

    /// <summary>Forgets spans that were put aside and never applied.</summary>
    public void BeginRecord()
    {
        if (_spilled)
        {
            _spill = NewPartition();
            _spilled = false;
        }
    }

    /// <summary>Adds up spans of a record that is too large to be held apart.</summary>
    public void PutAside(ReadOnlySpan<ClassifiedSpan> spans)
    {
        for (int view = 0; view < _views.Length; view++)
        {
            Apply(spans, view, _spill[view]);
        }

        _spilled = true;
    }

    /// <summary>Counts the spans, and those that were put aside before.</summary>
    public void Apply(ReadOnlySpan<ClassifiedSpan> spans, PartitionDeltas partition)
    {
        for (int view = 0; view < _views.Length; view++)
        {
            Apply(spans, view, partition[view]);
            if (_spilled)
            {
                _spill[view].MoveTo(partition[view]);
            }
        }

        _spilled = false;
    }

    /// <summary>Everything since the last call, in O(label sets that changed): the rows themselves change hands.</summary>
    public Handover[] HandOver()
    {
        var views = new Handover[_views.Length];
        for (int view = 0; view < views.Length; view++)
        {
            List<DeltaChunk> chunks = [];
            foreach (PartitionDeltas partition in _partitions)
            {
                chunks.AddRange(partition[view].HandOver());
            }

            views[view] = new Handover(_labelSets[view], _labelSets[view].Count, _symbols, chunks);
        }

        return views;
    }

    private void Apply(ReadOnlySpan<ClassifiedSpan> spans, int view, SeriesDeltas deltas)
    {
        LabelSets sets = _labelSets[view];
        int length = sets.KeyLength;
        CountedAs match = _views[view].Match;
        Span<int> keys = _keys;
        for (int next = 0; next < spans.Length;)
        {
            int count = 0;
            for (; next < spans.Length && count < Block; next++)
            {
                ref readonly ClassifiedSpan span = ref spans[next];
                if ((span.Counted & match) != 0)
                {
                    Span<int> key = keys.Slice(count * length, length);
                    sets.WriteKey(span, key);
                    ulong hash = KeyedHash.Of(key);
                    _hashes[count] = hash;
                    _series[count] = sets.Guess(hash);
                    _spans[count++] = next;
                }
            }

            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<int> key = keys.Slice(i * length, length);
                int guess = _series[i];
                _series[i] = guess >= 0 && sets.KeyOf(guess).SequenceEqual(key) ? guess : sets.FindOrAdd(key, _hashes[i]);
            }

            for (int i = 0; i < count; i++)
            {
                _series[i] = deltas.RowOf(_series[i]);
            }

            for (int i = 0; i < count; i++)
            {
                ref readonly ClassifiedSpan span = ref spans[_spans[i]];
                deltas.Add(_series[i], span.DurationNanos, span.Weight);
            }
        }
    }

    private PartitionDeltas NewPartition() => new(Array.ConvertAll(_views, view => new SeriesDeltas(view)));
}
