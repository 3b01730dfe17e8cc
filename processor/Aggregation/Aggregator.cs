using System.Runtime.CompilerServices;
using System.Text;
using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>
/// Turns classified spans into increments, record by record. Not thread-safe: owned by one worker.
/// A record's spans are journaled first and applied together, so that a record counts whole or not at all.
/// </summary>
internal sealed class Aggregator
{
    /// <summary>Spans of one record that are held apart; beyond it they are added up, so that no record can claim more memory than its label sets.</summary>
    public const int JournalSpans = 16 * 1024;

    private const int Recent = 32;

    // Spans that are looked up together, each step for all of them: their cache misses overlap.
    private const int Block = 16;

    private readonly View[] _views;
    private readonly LabelSets[] _labelSets; // by view
    private readonly uint[] _classes; // by view: a bit for each class that it wants
    private readonly SymbolTable _symbols;
    private readonly uint _allClasses; // those of all views
    private readonly int[] _textOf; // by class: a bit for each dimension with text that some view asks for
    private readonly int[] _recent = new int[JournaledSpan.Symbols.Length * Recent]; // by dimension: symbols met lately
    private readonly List<PartitionDeltas> _partitions = [];

    // Of the record being journaled.
    private JournaledSpan[] _journal = new JournaledSpan[256];
    private int _journaled;
    private PartitionDeltas _spill; // its spans beyond the journal
    private bool _spilled;

    // Of the block being counted.
    private readonly int[] _keys = new int[Block * (1 + JournaledSpan.Symbols.Length)];
    private readonly ulong[] _hashes = new ulong[Block];
    private readonly int[] _spans = new int[Block];
    private readonly int[] _series = new int[Block]; // then the rows

    public Aggregator(View[] views, AggregationOptions limits)
    {
        _views = views;
        _symbols = new SymbolTable(limits.LabelValues);
        foreach (string own in DimensionText.OwnTexts)
        {
            _symbols.Intern(Encoding.UTF8.GetBytes(own)); // before spans can fill the table
        }

        _labelSets = Array.ConvertAll(views, view => new LabelSets(view, view.SeriesLimit ?? limits.Series));
        _classes = Array.ConvertAll(views, view => view.Match is SpanClass match ? 1u << (int)match : uint.MaxValue);
        foreach (uint classes in _classes)
        {
            _allClasses |= classes;
        }

        _textOf = Array.ConvertAll(Enum.GetValues<SpanClass>(), TextOf);
        _spill = NewPartition();
    }

    /// <summary>A table of increments for one more partition; handed over with all others.</summary>
    public PartitionDeltas AddPartition()
    {
        PartitionDeltas partition = NewPartition();
        _partitions.Add(partition);
        return partition;
    }

    /// <summary>Forgets spans that were journaled and never applied.</summary>
    public void BeginRecord()
    {
        _journaled = 0;
        if (_spilled)
        {
            _spill = NewPartition();
            _spilled = false;
        }
    }

    /// <summary>False when no view wants the span.</summary>
    public bool Journal(in ClassifiedSpan span)
    {
        if (!Has(_allClasses, span.Class))
        {
            return false;
        }

        if (_journaled == _journal.Length)
        {
            MakeRoom();
        }

        ref JournaledSpan journaled = ref _journal[_journaled++];
        journaled.Class = span.Class;
        journaled.Closed = ClosedValues.Pack(span);
        journaled.Weight = span.Weight;
        journaled.DurationNanos = span.DurationNanos is ulong nanos ? (long)Math.Min(nanos, long.MaxValue) : JournaledSpan.NoDuration;
        int wanted = _textOf[(int)span.Class];
        Resolve(Dimension.ServiceName, span.ServiceName, wanted, ref journaled);
        Resolve(Dimension.SpanName, span.SpanName, wanted, ref journaled);
        if (span.Agent == span.ServiceName && (wanted & (1 << (int)Dimension.ServiceName)) != 0)
        {
            journaled.Text[(int)Dimension.Agent] = journaled.Text[(int)Dimension.ServiceName]; // the same bytes: the agent has no other name
        }
        else
        {
            Resolve(Dimension.Agent, span.Agent, wanted, ref journaled);
        }

        Resolve(Dimension.Tool, span.Tool, wanted, ref journaled);
        Resolve(Dimension.Model, span.Model, wanted, ref journaled);
        Resolve(Dimension.Event, span.Event, wanted, ref journaled);
        return true;
    }

    // Spans beside each other mostly come from one service and one agent, and many share a tool and a model: where a text lies among
    // the recent ones need not be hard to guess, since the text itself is compared.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Resolve(Dimension dimension, ReadOnlySpan<byte> text, int wanted, ref JournaledSpan journaled)
    {
        if ((wanted & (1 << (int)dimension)) != 0)
        {
            int mix = text.IsEmpty ? 0 : text.Length + text[^1] + (text[text.Length / 2] * 5);
            ref int recent = ref _recent[((int)dimension * Recent) + (mix & (Recent - 1))];
            if (recent == SymbolTable.Overflow || !_symbols.Is(recent, text))
            {
                recent = _symbols.Intern(text, dimension == Dimension.ServiceName);
            }

            journaled.Text[(int)dimension] = recent;
        }
    }

    public void Apply(PartitionDeltas partition)
    {
        for (int view = 0; view < _views.Length; view++)
        {
            Apply(view, partition[view]);
            if (_spilled)
            {
                _spill[view].MoveTo(partition[view]);
            }
        }

        _spilled = false;
        _journaled = 0;
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

    private void Apply(int view, SeriesDeltas deltas)
    {
        LabelSets sets = _labelSets[view];
        int length = sets.KeyLength;
        uint classes = _classes[view];
        ReadOnlySpan<JournaledSpan> journal = _journal.AsSpan(0, _journaled);
        Span<int> keys = _keys;
        for (int next = 0; next < journal.Length;)
        {
            int count = 0;
            for (; next < journal.Length && count < Block; next++)
            {
                ref readonly JournaledSpan span = ref journal[next];
                if (Has(classes, span.Class))
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
                ref readonly JournaledSpan span = ref journal[_spans[i]];
                deltas.Add(_series[i], span.DurationNanos, span.Weight);
            }
        }
    }

    private void MakeRoom()
    {
        if (_journal.Length < JournalSpans)
        {
            Array.Resize(ref _journal, _journal.Length * 2);
            return;
        }

        for (int view = 0; view < _views.Length; view++)
        {
            Apply(view, _spill[view]);
        }

        _spilled = true;
        _journaled = 0;
    }

    private PartitionDeltas NewPartition() => new(Array.ConvertAll(_views, view => new SeriesDeltas(view)));

    private int TextOf(SpanClass kind)
    {
        int bits = 0;
        for (int view = 0; view < _views.Length; view++)
        {
            foreach (Dimension dimension in Has(_classes[view], kind) ? _views[view].Dimensions : [])
            {
                bits |= DimensionText.IsText(dimension) ? 1 << (int)dimension : 0;
            }
        }

        return bits;
    }

    private static bool Has(uint classes, SpanClass kind) => (classes & (1u << (int)kind)) != 0;
}
