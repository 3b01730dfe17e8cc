using System.Numerics;
using System.Runtime.Intrinsics;

namespace SpanMetrics.Semantics;

/// <summary>
/// What is remembered of spans and traces by their <see cref="TraceIds"/>, bounded in entries and in age: a new entry takes the place of the
/// oldest of the few that lie near it. Not thread-safe: owned by one worker.
/// </summary>
internal sealed class TraceMemory<TValue>(TraceOptions limits)
    where TValue : struct
{
    private const int Ways = 8; // of a set, the entries that lie near each other: their keys are one line of the cache
    private const int FirstSets = 64;

    private readonly int _mostSets = 1 << BitOperations.Log2((uint)(limits.Entries / Ways));
    private int _sets; // grows up to the limit as soon as something would be forgotten before its time

    // By entry.
    private ulong[] _keys = [];
    private uint[] _seen = []; // last, in seconds; 0 where there is no entry
    private TValue[] _values = [];

    private long _count, _hits, _misses, _evictions;

    public TraceMemoryCounts Counts => new("", _count, _mostSets * Ways, _hits, _misses, _evictions);

    /// <summary>By the number that <see cref="Find"/> or <see cref="Put"/> gave, until the next entry is put.</summary>
    public ref TValue this[int entry] => ref _values[entry];

    public ulong KeyOf(int entry) => _keys[entry];

    /// <summary>-1 when it is not known, or too old.</summary>
    public int Find(ulong key, uint now)
    {
        int entry = _sets == 0 ? -1 : Search(key, now);
        _hits += entry >= 0 ? 1 : 0;
        _misses += entry >= 0 ? 0 : 1;
        return entry;
    }

    /// <summary>The key's entry, with the value that it has or a new one.</summary>
    public int Put(ulong key, uint now)
    {
        if (_sets == 0)
        {
            Grow();
        }

        int found = Search(key, now);
        if (found < 0)
        {
            found = OldestOf(key);
            while (IsAlive(found, now) && _sets < _mostSets)
            {
                Grow();
                found = OldestOf(key);
            }

            _evictions += IsAlive(found, now) ? 1 : 0;
            _count += _seen[found] == 0 ? 1 : 0;
            _keys[found] = key;
            _values[found] = default;
        }

        _seen[found] = now;
        return found;
    }

    /// <summary>Brings what <see cref="Find"/> reads of a key that is mostly not there into the cache: several at once cost as much as one.</summary>
    public ulong Touch(ulong key) => _sets == 0 ? 0 : _keys[FirstOf(key)];

    /// <summary>The same for <see cref="Put"/>.</summary>
    public ulong TouchToPut(ulong key) => _sets == 0 ? 0 : _keys[FirstOf(key)] ^ _seen[FirstOf(key)];

    private int Search(ulong key, uint now)
    {
        int first = FirstOf(key);
        ulong same = Vector512.Equals(Vector512.Create(_keys.AsSpan(first, Ways)), Vector512.Create(key)).ExtractMostSignificantBits();
        for (; same != 0; same &= same - 1)
        {
            int entry = first + BitOperations.TrailingZeroCount(same);
            if (IsAlive(entry, now))
            {
                return entry;
            }
        }

        return -1;
    }

    private int OldestOf(ulong key)
    {
        int first = FirstOf(key);
        ReadOnlySpan<uint> seen = _seen.AsSpan(first, Ways);
        int oldest = 0;
        for (int i = 1; i < Ways; i++)
        {
            oldest = seen[i] < seen[oldest] ? i : oldest;
        }

        return first + oldest;
    }

    private bool IsAlive(int entry, uint now) => _seen[entry] != 0 && now - _seen[entry] <= limits.Seconds;

    // The entries of one set go to two, so that there is room for all of them.
    private void Grow()
    {
        (ulong[] keys, uint[] seen, TValue[] values) = (_keys, _seen, _values);
        _sets = _sets == 0 ? Math.Min(FirstSets, _mostSets) : _sets * 2;
        _keys = new ulong[_sets * Ways];
        _seen = new uint[_sets * Ways];
        _values = new TValue[_sets * Ways];
        for (int i = 0; i < keys.Length; i++)
        {
            if (seen[i] != 0)
            {
                int place = OldestOf(keys[i]);
                (_keys[place], _seen[place], _values[place]) = (keys[i], seen[i], values[i]);
            }
        }
    }

    private int FirstOf(ulong key) => (int)((uint)key & (uint)(_sets - 1)) * Ways;
}
