using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>
/// Turns classified spans into increments, record by record: a record counts whole or not at all. Not thread-safe: owned by one worker.
/// </summary>
internal sealed class Aggregator
{
    // Spans that are looked up together, each step for all of them: their cache misses overlap.
    private const int Block = 16;

    private static readonly int Denied = ClosedValues.Place(Dimension.Deny, 1);

    private readonly View[] _views;
    private readonly AggregationOptions _limits;
    private readonly SymbolTable _symbols;
    private readonly List<PartitionDeltas> _partitions = [];

    private LabelSets[] _labelSets; // by view

    // Of a record too large to be held apart: its spans so far.
    private PartitionDeltas _spill;
    private bool _spilled;

    // Of the spans being counted: which ones each view wants.
    private readonly int[][] _viewsOf; // by bit of what a span adds to
    private readonly int[] _wantedCount;
    private int[][] _wanted; // by view

    // Of the block being counted.
    private readonly Vector256<int>[] _keys;
    private readonly ulong[] _hashes = new ulong[Block];
    private readonly int[] _series = new int[Block]; // then the rows
    private long _touched; // so that touching is not optimised away

    public Aggregator(View[] views, AggregationOptions limits, SymbolTable symbols)
    {
        _views = views;
        _symbols = symbols;
        _limits = limits;
        _labelSets = NewLabelSets();
        int longestKey = 0;
        for (int view = 0; view < views.Length; view++)
        {
            Wanted |= views[view].Match;
            longestKey = Math.Max(longestKey, _labelSets[view].KeyLength);
        }

        _keys = new Vector256<int>[Block * longestKey];

        _wantedCount = new int[views.Length];
        _wanted = Array.ConvertAll(views, _ => new int[256]);
        _viewsOf = new int[32][];
        for (int bit = 0; bit < _viewsOf.Length; bit++)
        {
            _viewsOf[bit] = [.. FindAll(views, (CountedAs)(1u << bit))];
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
    /// <param name="spans">The spans.</param>
    /// <param name="own">See <see cref="RecordSpans.Own"/>.</param>
    /// <param name="links">See <see cref="RecordSpans.Links"/>.</param>
    public void PutAside(ReadOnlySpan<ClassifiedSpan> spans, ReadOnlySpan<int> own = default, ReadOnlySpan<SpanLink> links = default)
    {
        DealOut(spans);
        for (int view = 0; view < _views.Length; view++)
        {
            Apply(spans, own, links, view, _spill[view]);
        }

        _spilled = true;
    }

    /// <summary>Counts the spans, and those that were put aside before.</summary>
    /// <param name="spans">Of one record.</param>
    /// <param name="partition">The record's.</param>
    /// <param name="own">See <see cref="RecordSpans.Own"/>.</param>
    /// <param name="links">See <see cref="RecordSpans.Links"/>.</param>
    public void Apply(ReadOnlySpan<ClassifiedSpan> spans, PartitionDeltas partition, ReadOnlySpan<int> own = default, ReadOnlySpan<SpanLink> links = default)
    {
        DealOut(spans);
        for (int view = 0; view < _views.Length; view++)
        {
            Apply(spans, own, links, view, partition[view]);
            if (_spilled)
            {
                _spill[view].MoveTo(partition[view]);
            }
        }

        _spilled = false;
    }

    /// <summary>Everything since the last call, in O(label sets that changed): the rows themselves change hands.</summary>
    /// <param name="startAfresh">Whether to forget the label sets, most of which may be of no use any more: those that are will be met again.</param>
    public Handover[] HandOver(bool startAfresh = false)
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

        if (startAfresh && !_spilled) // what was put aside goes by their numbers
        {
            _labelSets = NewLabelSets();
        }

        return views;
    }

    private LabelSets[] NewLabelSets() => Array.ConvertAll(_views, view => new LabelSets(view, view.SeriesLimit ?? _limits.Series));

    // A view counts one thing, and most spans add to one or two: nobody looks at all spans for each view.
    private void DealOut(ReadOnlySpan<ClassifiedSpan> spans)
    {
        Array.Clear(_wantedCount);
        if (_wanted.Length > 0 && _wanted[0].Length < spans.Length)
        {
            int room = spans.Length * 2;
            _wanted = Array.ConvertAll(_views, _ => new int[room]);
        }

        for (int i = 0; i < spans.Length; i++)
        {
            for (uint bits = (uint)(spans[i].Counted & Wanted); bits != 0; bits &= bits - 1)
            {
                foreach (int view in _viewsOf[BitOperations.TrailingZeroCount(bits)])
                {
                    _wanted[view][_wantedCount[view]++] = i;
                }
            }
        }
    }

    private void Apply(ReadOnlySpan<ClassifiedSpan> spans, ReadOnlySpan<int> own, ReadOnlySpan<SpanLink> links, int view, SeriesDeltas deltas)
    {
        LabelSets sets = _labelSets[view];
        ReadOnlySpan<int> wanted = _wanted[view].AsSpan(0, _wantedCount[view]);
        for (int next = 0; next < wanted.Length; next += Block)
        {
            ReadOnlySpan<int> block = wanted[next..Math.Min(next + Block, wanted.Length)];
            WriteKeys(spans, block, sets);
            if (sets.HasOwn)
            {
                WriteOwn(own, own.Length / spans.Length, block, sets);
            }

            GuessSeries(block.Length, sets);
            FindSeries(block.Length, sets);
            FindRows(block.Length, deltas);
            Add(spans, links, block, deltas);
        }
    }

    // Each step is a method that is not inlined: together they have more variables than there are registers.

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteKeys(ReadOnlySpan<ClassifiedSpan> spans, ReadOnlySpan<int> block, LabelSets sets)
    {
        Span<Vector256<int>> keys = _keys;
        int length = sets.KeyLength;
        foreach (int span in block)
        {
            sets.WriteKey(spans[span], keys);
            keys = keys[length..];
        }
    }

    private void WriteOwn(ReadOnlySpan<int> own, int ownLength, ReadOnlySpan<int> block, LabelSets sets)
    {
        int length = sets.KeyLength;
        for (int i = 0; i < block.Length; i++)
        {
            sets.WriteOwn(own.Slice(block[i] * ownLength, ownLength), _keys.AsSpan(i * length, length));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void GuessSeries(int count, LabelSets sets)
    {
        ReadOnlySpan<Vector256<int>> keys = _keys;
        int length = sets.KeyLength;
        for (int i = 0; i < count; i++)
        {
            _hashes[i] = KeyedHash.Of(keys[..length]);
            keys = keys[length..];
        }

        // Apart from the hashes, so that all misses are within the processor's sight.
        for (int i = 0; i < count; i++)
        {
            _series[i] = sets.Guess(_hashes[i]);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FindSeries(int count, LabelSets sets)
    {
        ReadOnlySpan<Vector256<int>> keys = _keys;
        int length = sets.KeyLength;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<Vector256<int>> key = keys[..length];
            keys = keys[length..];
            int guess = _series[i];
            _series[i] = guess >= 0 && sets.Has(guess, key) ? guess : sets.FindOrAdd(key, _hashes[i]);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FindRows(int count, SeriesDeltas deltas)
    {
        foreach (ref int series in _series.AsSpan(0, count))
        {
            series = deltas.RowOf(series);
        }

        long touched = 0;
        foreach (int row in _series.AsSpan(0, count))
        {
            touched ^= deltas.Touch(row);
        }

        _touched = touched;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Add(ReadOnlySpan<ClassifiedSpan> spans, ReadOnlySpan<SpanLink> links, ReadOnlySpan<int> block, SeriesDeltas deltas)
    {
        ReadOnlySpan<int> rows = _series;
        bool hasLinks = !links.IsEmpty;
        for (int i = 0; i < block.Length; i++)
        {
            ref readonly ClassifiedSpan span = ref spans[block[i]];
            uint rank = hasLinks ? Exemplar.RankOf(span.DurationNanos, (span.Closed & Denied) != 0) : Exemplar.NoRank;
            if (deltas.Add(rows[i], span.DurationNanos, span.Weight, rank))
            {
                deltas.Offer(rows[i], span.DurationNanos, rank, links[block[i]]);
            }
        }
    }

    private static IEnumerable<int> FindAll(View[] views, CountedAs match)
    {
        for (int view = 0; view < views.Length; view++)
        {
            if (views[view].Match == match)
            {
                yield return view;
            }
        }
    }

    private PartitionDeltas NewPartition() => new(Array.ConvertAll(_views, view => new SeriesDeltas(view)));
}
