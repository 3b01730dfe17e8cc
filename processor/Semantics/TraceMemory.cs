using System.Numerics;
using System.Runtime.Intrinsics;

namespace SpanMetrics.Semantics;

/// <summary>
/// What is remembered of spans and traces, bounded in entries and in age: a new entry takes the place of the oldest of the few that lie
/// near it. Not thread-safe: owned by one worker.
/// </summary>
internal sealed class TraceMemory<TValue>(TraceOptions limits)
    where TValue : struct
{
    private const int Ways = 8; // of a set: the entries that lie near each other
    private const int FirstSets = 64;

    private readonly int _mostSets = 1 << BitOperations.Log2((uint)(limits.Entries / Ways));
    private int _sets; // grows up to the limit as soon as something would be forgotten before its time

    // By set, in one line of the cache: half of the hashes of its entries, so that a key is read only where it is all but surely the
    // right one, then when each was met last, in seconds; 0 where there is no entry.
    private uint[] _marks = [];
    private Entry[] _entries = [];
    private long _count, _hits, _misses, _evictions;

    public TraceMemoryCounts Counts => new("", _count, _mostSets * Ways, _hits, _misses, _evictions);

    /// <summary>By the number that <see cref="Find"/> or <see cref="Put(in SpanKey, ulong, uint)"/> gave, until the next entry is put.</summary>
    public ref TValue this[int entry] => ref _entries[entry].Value;

    public SpanKey KeyOf(int entry) => _entries[entry].Key;

    /// <summary>-1 when it is not known, or too old.</summary>
    public int Find(in SpanKey key, uint now)
    {
        int entry = _sets == 0 ? -1 : Search(key, key.Hash, now);
        _hits += entry >= 0 ? 1 : 0;
        _misses += entry >= 0 ? 0 : 1;
        return entry;
    }

    public int Put(in SpanKey key, uint now) => Put(key, key.Hash, now);

    /// <summary>The key's entry, with the value that it has or a new one.</summary>
    public int Put(in SpanKey key, ulong hash, uint now)
    {
        if (_sets == 0)
        {
            Grow();
        }

        int found = Search(key, hash, now);
        if (found < 0)
        {
            found = OldestOf(hash);
            while (IsAlive(found, now) && _sets < _mostSets)
            {
                Grow();
                found = OldestOf(hash);
            }

            _evictions += IsAlive(found, now) ? 1 : 0;
            _count += SeenOf(found) == 0 ? 1 : 0;
            _marks[MarkOf(found)] = TagOf(hash);
            _entries[found] = new Entry { Key = key };
        }

        SeenOf(found) = now;
        return found;
    }

    /// <summary>Brings the place of a key into the cache: several at once cost as much as one.</summary>
    public uint Touch(ulong hash) => _sets == 0 ? 0 : _marks[FirstOf(hash) * 2];

    private int Search(in SpanKey key, ulong hash, uint now)
    {
        int first = FirstOf(hash);
        uint same = Vector256.Equals(Vector256.Create(_marks.AsSpan(first * 2, Ways)), Vector256.Create(TagOf(hash))).ExtractMostSignificantBits();
        for (; same != 0; same &= same - 1)
        {
            int entry = first + BitOperations.TrailingZeroCount(same);
            if (_entries[entry].Key == key && IsAlive(entry, now))
            {
                return entry;
            }
        }

        return -1;
    }

    private int OldestOf(ulong hash)
    {
        int first = FirstOf(hash);
        ReadOnlySpan<uint> seen = _marks.AsSpan((first * 2) + Ways, Ways);
        int oldest = 0;
        for (int i = 1; i < Ways; i++)
        {
            oldest = seen[i] < seen[oldest] ? i : oldest;
        }

        return first + oldest;
    }

    private bool IsAlive(int entry, uint now) => SeenOf(entry) != 0 && now - SeenOf(entry) <= limits.Seconds;

    // The entries of one set go to two, so that there is room for all of them.
    private void Grow()
    {
        uint[] marks = _marks;
        Entry[] entries = _entries;
        _sets = _sets == 0 ? Math.Min(FirstSets, _mostSets) : _sets * 2;
        _marks = new uint[_sets * Ways * 2];
        _entries = new Entry[_sets * Ways];
        for (int i = 0; i < entries.Length; i++)
        {
            if (marks[MarkOf(i) + Ways] != 0)
            {
                ulong hash = entries[i].Key.Hash;
                int place = OldestOf(hash);
                _marks[MarkOf(place)] = TagOf(hash);
                SeenOf(place) = marks[MarkOf(i) + Ways];
                _entries[place] = entries[i];
            }
        }
    }

    private ref uint SeenOf(int entry) => ref _marks[MarkOf(entry) + Ways];

    private int FirstOf(ulong hash) => (int)((uint)hash & (uint)(_sets - 1)) * Ways;

    private static int MarkOf(int entry) => (entry / Ways * Ways * 2) + (entry % Ways);

    private static uint TagOf(ulong hash) => (uint)(hash >> 32);

    private struct Entry
    {
        public SpanKey Key;
        public TValue Value;
    }
}
