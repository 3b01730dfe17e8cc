using System.Runtime.InteropServices;
using System.Text;
using SpanMetrics.Aggregation;
using SpanMetrics.Semantics;

namespace SpanMetrics.Exposition;

/// <summary>
/// The tracks of one kind, by service and name: those of highest rank, and one for all of each service. What names have that are not held is the
/// difference, so it is never lost. Not thread-safe: owned by <see cref="StatusHistory"/>.
/// </summary>
internal sealed class TrackGroup(Dimension by, int width, int most)
{
    private const int NotFound = -1;

    private readonly Dictionary<(int Service, string Name), Track> _held = [];
    private readonly List<Track> _all = []; // by service
    private readonly int[] _leftOut = new int[ServiceNames.Most + 1];

    // Of one observation: symbols are valid no longer.
    private readonly Dictionary<(int Service, int Name), int> _places = [];
    private readonly List<Found> _found = [];
    private bool _wasFull;

    public IReadOnlyCollection<Track> Held => _held.Values;

    /// <summary>One for each service.</summary>
    public IReadOnlyCollection<Track> All => _all;

    /// <summary>Names of a service that are not held.</summary>
    public int LeftOut(int service) => _leftOut[service];

    /// <param name="sources">As of a look of now.</param>
    /// <param name="slot">That what is new grew in.</param>
    /// <param name="unixSeconds">Now.</param>
    public void Observe(TrackSource[] sources, long slot, double unixSeconds)
    {
        _places.Clear();
        _found.Clear();
        Array.ForEach(sources, Find);
        Hold();
        _all.ForEach(track => Array.Clear(track.Now));
        Array.ForEach(sources, Add);
        _all.ForEach(track => track.Note(slot, unixSeconds));
        foreach (Found found in _found)
        {
            if (found.IsNew && _wasFull)
            {
                found.Held?.StartHere(); // it may have been counted before, among those that are not held
            }

            found.Held?.Note(slot, unixSeconds);
        }

        _wasFull = _found.Count > most;
    }

    private void Find(TrackSource source)
    {
        SeriesTable view = source.View;
        int at = Array.IndexOf(view.View.Dimensions, by);
        for (int series = 0; series < view.SeriesCount; series++)
        {
            source.Found[series] = NotFound;
            if (at < 0)
            {
                continue;
            }

            ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, (source.ServiceOf(series), view.ValueOf(series, at)), out bool known);
            if (!known)
            {
                place = _found.Count;
                _found.Add(new Found { Service = source.ServiceOf(series), View = view, Series = series, At = at });
            }

            source.Found[series] = place;
            CollectionsMarshal.AsSpan(_found)[place].Rank += source.RankOf(series);
        }
    }

    private void Hold()
    {
        Span<Found> found = CollectionsMarshal.AsSpan(_found);
        Array.Clear(_leftOut);
        var best = new PriorityQueue<int, (double Rank, int LaterFirst)>();
        for (int place = 0; place < found.Length; place++)
        {
            _leftOut[found[place].Service]++;
            if (best.Count < most)
            {
                best.Enqueue(place, (found[place].Rank, -place));
            }
            else
            {
                best.EnqueueDequeue(place, (found[place].Rank, -place));
            }
        }

        var before = new Dictionary<(int, string), Track>(_held);
        _held.Clear();
        foreach ((int place, _) in best.UnorderedItems)
        {
            ref Found one = ref found[place];
            string name = Encoding.UTF8.GetString(one.View.LabelOf(one.Series, one.At));
            one.IsNew = !before.TryGetValue((one.Service, name), out Track? track);
            track ??= new Track(one.Service, name, width);
            Array.Clear(track.Now);
            one.Held = track;
            _held.Add((one.Service, name), track);
            _leftOut[one.Service]--;
        }
    }

    private void Add(TrackSource source)
    {
        for (int series = 0; series < source.View.SeriesCount; series++)
        {
            int service = source.ServiceOf(series);
            while (_all.Count <= service)
            {
                _all.Add(new Track(_all.Count, "", width));
            }

            source.AddTo(_all[service], series);
            if (source.Found[series] is not NotFound and int place && _found[place].Held is Track held)
            {
                source.AddTo(held, series);
                source.ShowDenied(held, series);
            }
        }
    }

    // Where a name was met first, and how much it matters.
    private record struct Found
    {
        public required int Service;
        public required SeriesTable View;
        public required int Series;
        public required int At;
        public double Rank;
        public Track? Held;
        public bool IsNew;
    }
}
